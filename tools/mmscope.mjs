#!/usr/bin/env node
/** The command line: `npm run -s mmscope -- list --json`, or `node tools/mmscope.mjs list --json`. */
import { runBundle } from './bundle.mjs';

await runBundle('cli', 'main');
