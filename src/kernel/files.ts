/** The path files' texts by name below src/kernel, as the bundler brings them in. */
const raw = import.meta.glob<string>('./*/*.kp', { query: '?raw', import: 'default', eager: true });

export const pathFiles: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(raw).map(([path, text]) => [path.replace(/^\.\//, ''), text]),
);
