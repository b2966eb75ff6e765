#!/usr/bin/env node
/**
 * The benchmarks: `npm run -s bench`, first of the engine, then of the batch-size study, then of the page;
 * `npm run -s bench -- zone` of the study alone, `npm run -s bench -- page` of the page alone, with names of its parts behind
 * it of these only. `--quick` leaves out what takes a minute.
 */
import { pageBench } from './bench/page.mjs';
import { zoneBench } from './bench/zone.mjs';
import { runBundle } from './bundle.mjs';

const args = process.argv.slice(2);
const [what] = args.filter((arg) => !arg.startsWith('-'));
// Whatever else is asked for is the bundle's business.
if (what !== 'page' && what !== 'zone') await runBundle('bench', 'bench');
if ((what === 'zone' || what === undefined) && !zoneBench()) process.exitCode = 1;
if (what === 'page' || what === undefined) {
  const within = await pageBench(args.filter((arg) => arg !== 'page'));
  if (!within) process.exitCode = 1;
}
