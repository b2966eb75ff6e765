import { test } from 'vitest';
import { resolve } from '../scenario/index.ts';
import { Session } from './session.ts';

test('x', () => {
  for (const [sc, set] of [
    ['munmap-320g', {}],
    ['munmap-320g', { machine: 'e5-2680-4tb', size: '1900GB' }],
  ] as const) {
    const r = resolve({ scenario: sc, set });
    if (!r.ok) throw new Error(JSON.stringify(r.diagnostics));
    const s = new Session(r.value);
    while (!s.ended) s.slice(50);
    const { events } = s.progress();
    const sim = (s as any).sim;
    let t = performance.now();
    const b = sim.snapshot();
    console.log(sc, 'run', events, 'bytes', sim.worldBytes, 'snapshot', (performance.now() - t).toFixed(1));
    t = performance.now();
    sim.snapshot(b);
    console.log('run again', (performance.now() - t).toFixed(1));
    t = performance.now();
    const a32 = new Int32Array(b.buffer, b.byteOffset, b.byteLength >> 2);
    const c = new Int32Array(sim.engine.w.bytes.buffer, 0, a32.length);
    let d = 0;
    for (let i = 0; i < a32.length; i++) if (a32[i] !== c[i]) d++;
    console.log('run compare', (performance.now() - t).toFixed(1), d);
    const seeker = (s as any).travel.seeker;
    t = performance.now();
    seeker.restore(b);
    console.log('run restore', (performance.now() - t).toFixed(1));
    (s as any).travel.goBack((f: any) => f.event <= 300000, -1);
    const e0 = seeker.events;
    const prev = new Int32Array(seeker.snapshot().buffer);
    t = performance.now();
    seeker.run({ untilEvent: e0 + 16384 });
    const tr = performance.now() - t;
    const cur = new Int32Array(seeker.snapshot().buffer);
    let pages = 0;
    for (let p = 0; p < cur.length; p += 256) {
      for (let i = p; i < Math.min(cur.length, p + 256); i++)
        if (cur[i] !== prev[i]) {
          pages++;
          break;
        }
    }
    console.log('run 16k events', tr.toFixed(1), 'dirty KB', pages);
    const go = (m: any) => {
      const t = performance.now();
      let longest = 0;
      let last = t;
      s.move(1, 1, m);
      let a = null;
      while (a === null) {
        a = s.seek(8, false);
        const n = performance.now();
        longest = Math.max(longest, n - last);
        last = n;
      }
      return `${Math.round(performance.now() - t)} ms, longest slice ${Math.round(longest)}`;
    };
    for (const p of [0.95, 0.13, 0.5, 0.77, 0.31])
      console.log(
        'seek',
        p,
        go({ to: 'event', event: Math.floor(events * p) }),
        'back',
        go({ to: 'step', by: -1 }),
        'next',
        go({ to: 'step', by: 1 }),
      );
  }
});
