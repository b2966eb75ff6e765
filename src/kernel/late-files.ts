/** What every scenario has and what it chooses when it says nothing: there at once. */
const first = import.meta.glob<string>(
  ['./{fs,mm,mmap,user}/*.kp', './fault/{mmap-sem,write}.kp', './munmap/downgrade.kp'],
  { query: '?raw', import: 'default', eager: true },
);

/** The others, each fetched when it is chosen: a page is painted sooner without those of strategies that it does not run. */
const others = import.meta.glob<string>(
  ['./*/*.kp', '!./{fs,mm,mmap,user}/*.kp', '!./fault/{mmap-sem,write}.kp', '!./munmap/downgrade.kp'],
  { query: '?raw', import: 'default' },
);

/** True for a path file that need not be fetched. */
export function isThereAtOnce(file: string): boolean {
  return first[`./${file}`] !== undefined;
}

/**
 * The texts of some path files, by name below src/kernel; what is no path file is left out. Rejects where one cannot be
 * fetched.
 */
export async function fetchPathFiles(files: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const pairs = await Promise.all(
    files.map(async (file) => [file, first[`./${file}`] ?? (await others[`./${file}`]?.())] as const),
  );
  return Object.fromEntries(pairs.flatMap(([file, text]) => (text === undefined ? [] : [[file, text]])));
}
