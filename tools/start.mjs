/**
 * npm start: install what is missing, then Vite's development server on 127.0.0.1, port 5173 or the next
 * free one (set in vite.config.ts). Arguments are Vite's: `npm start -- --port 8080 --open`.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDeps, root } from './setup.mjs';

ensureDeps();
process.chdir(root);
const vite = join(root, 'node_modules/vite/bin/vite.js');
// In this very process, so that an interrupt reaches the server and its exit code is ours.
process.argv.splice(1, 1, vite);
await import(pathToFileURL(vite).href);
