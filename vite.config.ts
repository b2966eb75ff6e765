import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig, type ViteUserConfig } from 'vitest/config';
import { buildId } from './tools/build-id.mjs';
import { withLateProse, withoutProse } from './tools/prose.mjs';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { version } = JSON.parse(readFileSync(here('package.json'), 'utf8')) as { version: string };

const build = buildId(here('src'));

const policy = [
  "default-src 'self'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "object-src 'none'",
].join('; ');

/** Only at build: the dev server's own hot reload needs inline scripts and styles. */
function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: policy },
        injectTo: 'head-prepend',
      },
    ],
  };
}

/** `x.kp?title` is the title of the first scenario of a document: the page's menu needs no more of the gallery. */
function documentTitles(): Plugin {
  const query = '.kp?title';
  return {
    name: 'document-titles',
    load: (id) => {
      if (!id.endsWith(query)) return null;
      const text = readFileSync(id.slice(0, -'?title'.length), 'utf8');
      const title = /\bscenario\s+[\w.-]+\s+"([^"]*)"/.exec(text)?.[1] ?? '';
      return `export default ${JSON.stringify(title)};`;
    },
  };
}

/**
 * `x.kp?choices` is what the first scenario of a document sets, and what it expects: a page that only tells which scenario
 * chooses what needs no more of the gallery.
 */
function documentChoices(): Plugin {
  const query = '.kp?choices';
  return {
    name: 'document-choices',
    load: (id) => {
      if (!id.endsWith(query)) return null;
      const text = readFileSync(id.slice(0, -'?choices'.length), 'utf8').replace(/\/\/.*$/gm, '');
      const [, expect = 'pass', body = ''] =
        /\bscenario\s+[\w.-]+\s+"[^"]*"(?:\s+expect\s+(\w+))?([\s\S]*)/.exec(text) ?? [];
      const set = [...body.matchAll(/\bset\s+([\w-]+)\s*=\s*([^;]+?)\s*;/g)].map(([, key, value]) => [
        key,
        value,
      ]);
      return `export default ${JSON.stringify({ expect, set: Object.fromEntries(set) })};`;
    },
  };
}

/** One self-contained file for Node: the command line starts without looking anything up in node_modules. */
function nodeBundle(name: 'cli' | 'bench', entry: string): ViteUserConfig {
  return {
    publicDir: false,
    plugins: [documentTitles()],
    ssr: { target: 'node', noExternal: true },
    build: {
      ssr: entry,
      target: 'node20',
      outDir: `dist/${name}`,
      minify: false,
      // V8 writes the values of a module's constants into compiled code, but not those of variables, which Vite makes of them.
      rolldownOptions: {
        output: { codeSplitting: false, entryFileNames: '[name].js', topLevelVar: false },
      },
    },
  };
}

const web: ViteUserConfig = {
  base: './',
  plugins: [react(), contentSecurityPolicy(), documentTitles(), documentChoices(), withLateProse()],
  worker: {
    format: 'es',
    plugins: () => [documentTitles(), withoutProse()],
    rolldownOptions: {
      output: {
        // As Vite does for the page: nobody bundles what comes out once more.
        comments: false,
        // The worker holds the name of every text. One id for all of them can be packed, a hash for each cannot.
        chunkFileNames: ({ facadeModuleId }) =>
          `assets/${facadeModuleId?.endsWith('.kp?raw') === true ? `${build}/[name].js` : '[name]-[hash].js'}`,
      },
    },
  },
  server: { host: '127.0.0.1', port: 5173 },
  preview: { host: '127.0.0.1', port: 4173, strictPort: true },
  build: {
    outDir: 'dist/web',
    target: 'es2022',
    manifest: true,
    // Both would otherwise put data: or inline code into the page, which the policy above forbids.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
};

const long = process.env['MMSCOPE_FUZZ'] === 'long';

export default defineConfig(({ mode }) => ({
  ...(mode === 'cli' ? nodeBundle('cli', 'src/cli/main.ts') : {}),
  ...(mode === 'bench' ? nodeBundle('bench', 'src/cli/bench.ts') : {}),
  ...(mode === 'cli' || mode === 'bench' ? {} : web),
  clearScreen: false,
  define: { __BUILD__: JSON.stringify(build), __VERSION__: JSON.stringify(version) },
  test: {
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: long ? 900_000 : 30_000,
  },
}));
