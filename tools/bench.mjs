#!/usr/bin/env node
/** The benchmarks: `npm run -s bench`. */
import { runBundle } from './bundle.mjs';

await runBundle('bench', 'bench');
