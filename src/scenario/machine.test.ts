import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpuCount, machines } from '../kernel/index.ts';
import { documentFile } from './document.ts';
import { resolve } from './gallery.ts';
import type { Resolved } from './resolve.ts';

function resolved(set: Record<string, string>, text?: string): Resolved {
  const source = text === undefined ? { scenario: 'tiny', set } : { scenario: 'a', text, set };
  const resolution = resolve(source);
  if (!resolution.ok) throw new Error(JSON.stringify(resolution.diagnostics));
  return resolution.value;
}

function refusal(set: Record<string, string>, text?: string) {
  const resolution = resolve(text === undefined ? { scenario: 'tiny', set } : { scenario: 'a', text, set });
  if (resolution.ok) throw new Error('was not refused');
  return resolution.diagnostics[0];
}

const TEXT = `scenario a "as many as there are" {
    set machine = rome-128c;
    set cores = 8;
    number tasks = NR_CPUS "threads";
    extent 1ms;
    thread t[tasks] on cpu index { compute(1us); }
}
`;

describe('the topology of a machine', () => {
  it('can be set in its place, one number or all; all else stays', () => {
    const plain = resolved({ machine: 'skylake-ep-2s' });
    const { machine, given } = resolved({
      machine: 'skylake-ep-2s',
      sockets: '4',
      cores: '3',
      threadsPerCore: '4',
    });
    expect([machine.sockets, machine.coresPerSocket, machine.threadsPerCore]).toEqual([4, 3, 4]);
    expect(given).toEqual({ sockets: 4, cores: 3, threadsPerCore: 4 });
    expect(machine.topologySource).toContain('sockets, cores, threadsPerCore set by who runs it');
    const { sockets, coresPerSocket, threadsPerCore, topologySource } = plain.machine;
    expect({ ...machine, sockets, coresPerSocket, threadsPerCore, topologySource }).toEqual(plain.machine);
    expect(resolved({ machine: 'skylake-ep-2s', cores: '3' }).machine).toMatchObject({
      ...{ sockets: 2, coresPerSocket: 3, threadsPerCore: 2 },
    });
    expect(plain.given).toEqual({});
  });

  it('is what NR_CPUS says, in a document as in an override', () => {
    expect(resolved({}, TEXT).program.scenario.threads).toHaveLength(32);
    expect(resolved({ cores: '5', threadsPerCore: '1' }, TEXT).program.scenario.threads).toHaveLength(10);
  });

  it('is refused where it is no such number, naming the place', () => {
    for (const [key, most] of [
      ['sockets', 8],
      ['cores', 128],
      ['threadsPerCore', 4],
    ] as const) {
      for (const value of ['0', String(most + 1), '1.5', 'two', '-1', '2us', 'true'])
        expect(refusal({ [key]: value })).toMatchObject({
          ...{ file: '--set', line: 1, col: 1 },
          message: `${key} is a whole number from 1 to ${most}, not '${value}'`,
        });
      expect(resolved({ [key]: String(most), ...(key === 'cores' ? { sockets: '1' } : {}) }).given[key]).toBe(
        most,
      );
    }
    expect(refusal({}, TEXT.replace('cores = 8', 'cores = 200'))).toMatchObject({
      ...{ file: 'document.kp', line: 1, message: "cores is a whole number from 1 to 128, not '200'" },
    });
  });

  it('is refused beyond 1,024 CPUs in all', () => {
    const most = { sockets: '8', cores: '128' };
    expect(cpuCount(resolved({ ...most, threadsPerCore: '1' }).machine)).toBe(1_024);
    expect(refusal({ ...most, threadsPerCore: '2' })).toMatchObject({
      file: '--set',
      message:
        'sockets x cores x threadsPerCore (8 x 128 x 2) are 2048 CPUs, more than the 1024 that a machine can have',
    });
  });

  it('comes out as asked for on every machine', () => {
    const counts = fc.record({
      machine: fc.constantFrom(...machines.map((m) => m.id)),
      sockets: fc.integer({ min: 1, max: 8 }),
      cores: fc.integer({ min: 1, max: 32 }),
      threadsPerCore: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(counts, ({ machine, sockets, cores, threadsPerCore }) => {
        const numbers = {
          sockets: String(sockets),
          cores: String(cores),
          threadsPerCore: String(threadsPerCore),
        };
        expect(cpuCount(resolved({ machine, ...numbers }).machine)).toBe(sockets * cores * threadsPerCore);
      }),
      { numRuns: 30 },
    );
  });

  it('is kept in the document of an experiment', () => {
    const file = documentFile({ scenario: 'a', text: TEXT, set: { cores: '4', sockets: '1' } });
    expect(file?.text).toContain('set cores = 4;');
    expect(resolved({}, file?.text).given).toEqual({ sockets: 1, cores: 4 });
  });

  it('goes together with transfer times', () => {
    const { machine, given } = resolved({ cores: '6', lineSocket: '200', machine: 'rome-128c' });
    expect(given).toEqual({ cores: 6, lineSocket: 200 });
    expect([machine.line.socket.value, machine.line.ccx?.home.value]).toEqual([200, 132]);
  });
});
