import { describe, expect, test } from 'vitest';
import { resolve } from '../../scenario/gallery.ts';
import { batchMachines, cpusOf, DEFAULT_FORM, isQuickLook, readForm } from './form.ts';
import { zoneKnobs } from './knobs.ts';
import { experimentsFragment, readExperimentsLink } from './link.ts';
import type { BatchForm } from './state.ts';

const form = (change: Partial<BatchForm>): BatchForm => ({
  ...DEFAULT_FORM,
  machine: 'skylake-desktop',
  ...change,
});
const problems = (change: Partial<BatchForm>): string[] =>
  readForm(form(change)).problems.map(({ field, message }) => `${field}: ${message}`);

describe('the form', () => {
  test('is every batch with every seed, each batch once', () => {
    const { points } = readForm(form({ batches: '63, 31,1..3, 31', seeds: 2 }));
    expect(points.map(({ batch, seed }) => [batch, seed])).toEqual(
      [63, 31, 1, 2, 3].flatMap((batch) => [1, 2].map((seed) => [batch, seed])),
    );
    // The first seed is that of a run that names none: the run of a published figure.
    expect(points[0]?.run.set).toEqual({ machine: 'skylake-desktop', batch: '63' });
    expect(points[1]?.name).toBe('page-fault1 batch=63 machine=skylake-desktop seed=2');
  });

  test('names what is wrong with the list, and where', () => {
    expect(problems({ batches: '31, 5x' })).toEqual([
      "batches: value 2: '5x' is no batch: a whole number of pages from 1 to 65536",
    ]);
    expect(problems({ batches: '31, , 63' })).toEqual(['batches: value 2: a value between commas is empty']);
    expect(problems({ batches: '9..1' })).toEqual(['batches: value 1: the range 9..1 is empty']);
    expect(problems({ batches: ' ' })).toEqual(['batches: value 1: no batch is given']);
    for (const batches of ['0', '65537', '1.5', '-3..2', '31ns']) {
      expect(problems({ batches })[0]).toContain('is no batch');
    }
    expect(problems({ batches: '1..401' })[0]).toContain('more than 400 values');
    expect(problems({ batches: '1..100', seeds: 8 })[0]).toContain('more than 400 points');
    const [problem] = readForm(form({ batches: '31, 5x' })).problems;
    expect('31, 5x'.slice(problem?.from, problem?.to)).toBe('5x');
  });

  test('checks its numbers against the machine', () => {
    expect(problems({ settings: { tasks: '9', size: '4', high: '1.5' } })).toEqual([
      "tasks: '9' is no value for tasks: a whole number from 1 to the CPUs of the machine (8)",
      "size: '4' is no value for size: a size from 4KB on, in KB, MB or GB, such as 4MB",
      "high: '1.5' is no value for high: a whole number of pages from 1 on",
    ]);
    expect(problems({ settings: { tasks: '8', size: '4MB', high: '32768' } })).toEqual([]);
    expect([isQuickLook(form({})), isQuickLook(form({ settings: { size: '4MB' } }))]).toEqual([false, true]);
    expect(isQuickLook(form({ settings: { NO_MERGE: 'true' } }))).toBe(false);
  });

  test('makes settings that the scenario takes, on each machine of the study', () => {
    expect(batchMachines.map(({ id }) => cpusOf(id))).toEqual([192, 192, 112, 88, 72, 8]);
    const settings = Object.fromEntries(zoneKnobs.map(({ name, given }) => [name, String(!given)]));
    expect(Object.keys(settings)).toHaveLength(6);
    for (const { id } of batchMachines) {
      const [point] = readForm(form({ machine: id, settings: { ...settings, high: '400' } })).points;
      expect(resolve({ scenario: 'page-fault1', set: point?.run.set ?? {} }).ok).toBe(true);
    }
  });
});

describe('its link', () => {
  test('carries all of it, and is short where it is as published', () => {
    const own = form({ batches: '31, 63 ,1..9', seeds: 3, settings: { NO_MERGE: 'true', size: '4MB' } });
    const fragment = experimentsFragment(own, 'evidence');
    expect(fragment).toMatch(/^x1\.m\d+\.[\w=&,.+-]+$/);
    expect(readExperimentsLink(fragment)).toEqual({ form: own, part: 'evidence', problem: null });
    expect(experimentsFragment(DEFAULT_FORM, 'batch')).toMatch(/^x1\.m\d+\.$/);
    // A list that is not right yet is no less the reader's.
    const bad = form({ batches: '31, 5x,,' });
    expect(readExperimentsLink(experimentsFragment(bad, 'batch')).form.batches).toBe('31, 5x,,');
  });

  test('leaves out what is not valid, and names it', () => {
    const head = experimentsFragment(DEFAULT_FORM, 'batch');
    const read = readExperimentsLink(
      `${head}machine=skylark&seeds=9&part=x&high=${'1'.repeat(41)}&batch=${'1,'.repeat(2_001)}&foo=1&tasks=2`,
    );
    expect(read.form).toEqual({ ...DEFAULT_FORM, settings: { tasks: '2' } });
    expect(read.problem).toMatch(/left out: part, machine, batch, seeds, high, foo\./);
    expect(readExperimentsLink('x2.m3.').problem).toContain('format version 2');
    expect(readExperimentsLink('x1.m9999.').problem).toContain('another version of the model');
    expect(readExperimentsLink('x1').problem).toContain('does not have the form');
  });
});
