import { expect, describe as group, it } from 'vitest';
import { CHUNK_RECORDS, Class, Flag, Kind, NO_THREAD, newChunk, objectId, State } from '../event/index.ts';
import { describe } from './describe.ts';
import { NdjsonWriter, ndjson } from './ndjson.ts';
import { NO_RECORD, TraceStore } from './store.ts';
import { LogBuilder, MM, MMAP, MUNMAP, MUTEX, randomLog, SEM, tableId, testMeta } from './testing.ts';

const meta = testMeta({ mms: ['main'] });
const { KERNEL, SPIN, USER } = State;

/** Three records a ns over more than two chunks; every 1,000th is a request of thread 1, which ends a step. */
function longLog(): LogBuilder {
  const log = new LogBuilder();
  for (let i = 0; i < 2 * CHUNK_RECORDS + 500; i++) {
    log.t = 10 + Math.floor(i / 3);
    if (i % 1_000 === 999) log.put(Kind.LOCK_REQUEST, 1, SPIN | Flag.STEP_END, MMAP, 1);
    else log.put(Kind.PAGES, 0, KERNEL, tableId(1), i);
  }
  return log;
}

group('TraceStore', () => {
  const log = longLog();
  const store = new TraceStore(meta);
  for (const chunk of log.chunks) store.add(chunk);

  it('finds records by id', () => {
    expect([store.count, store.total]).toEqual([log.count, log.count]);
    for (const id of [0, 1, CHUNK_RECORDS - 1, CHUNK_RECORDS, 2 * CHUNK_RECORDS + 499]) {
      expect(store.record(id)?.id).toBe(id);
      expect(store.record(id)?.t).toBe(10 + Math.floor(id / 3));
    }
    for (const id of [-1, log.count, 0.5 - 1, Number.NaN]) expect(store.record(id)).toBeUndefined();
  });

  it('finds the last record at or before a time', () => {
    expect(store.idAtTime(9)).toBe(NO_RECORD);
    expect(store.idAtTime(10)).toBe(2);
    expect(store.idAtTime(11.5)).toBe(5);
    expect(store.idAtTime(10 + 30_000)).toBe(90_002);
    expect(store.idAtTime(Infinity)).toBe(log.count - 1);
    expect(new TraceStore(meta).idAtTime(5)).toBe(NO_RECORD);
  });

  it('finds neighbours by thread, kind, contention and end of step', () => {
    expect(store.nextContention(-1)).toBe(999);
    expect(store.nextContention(999)).toBe(1_999);
    expect(store.nextContention(65_000)).toBe(65_999);
    expect(store.previousContention(66_998)).toBe(65_999);
    expect(store.previousContention(999)).toBe(NO_RECORD);
    expect(store.nextContention(0, tableId(1))).toBe(NO_RECORD);
    expect(store.nextOfThread(999, 0)).toBe(1_000);
    expect(store.previousOfThread(1_000, 0)).toBe(998);
    expect(store.nextOfKind(998, Kind.LOCK_REQUEST)).toBe(999);
    expect(store.previousOfKind(log.count, Kind.LOCK_REQUEST)).toBe(130_999);
    expect(store.nextStepEnd(130_999)).toBe(131_499 + 500 < log.count ? 131_999 : NO_RECORD);
    expect(store.previousStepEnd(131_000)).toBe(130_999);
    expect(store.stepEndAtTime(10 + 333)).toBe(999);
    expect(store.stepEndAtTime(10 + 332)).toBe(NO_RECORD);
    expect(store.find(1_000, 'next', { thread: 0, object: MMAP })).toBe(NO_RECORD);
  });

  it('keeps so many records and counts the others', () => {
    const small = new TraceStore(meta, { maxRecords: 70_000 });
    for (const chunk of log.chunks) small.add(chunk);
    expect([small.count, small.total, small.chunks.length]).toEqual([70_000, log.count, 2]);
    expect(small.record(69_999)?.id).toBe(69_999);
    expect(small.record(70_000)).toBeUndefined();
    expect(small.idAtTime(Infinity)).toBe(69_999);
    expect(small.nextContention(69_999)).toBe(NO_RECORD);
    expect(small.previousContention(1e9)).toBe(69_999);
  });

  it('takes a chunk again when it has grown, and notices one that grows by itself', () => {
    const growing = new TraceStore(meta);
    const source = randomLog(1, 50).chunks[0];
    const live = newChunk(0);
    live.t.set(source.t);
    live.count = 4;
    growing.add(live);
    expect(growing.count).toBe(4);
    live.count = 6;
    expect(growing.count).toBe(6);
    growing.add(source);
    expect(growing.count).toBe(source.count);
    expect(() => growing.add(newChunk(CHUNK_RECORDS))).toThrow(/does not follow/);
    expect(() => growing.add(newChunk(17))).toThrow(/does not follow/);
  });
});

group('describe and ndjson', () => {
  const record = (kind: number, thread: number, flags: number, object = 0, arg = 0, site = 0) => {
    return { id: 5, t: 12, kind, thread, flags, object, arg, site };
  };

  it('spells records out', () => {
    const text = (...parts: Parameters<typeof record>): string => describe(record(...parts), meta);
    expect(text(Kind.LOCK_RELEASE, 0, KERNEL | Flag.WRITE, MMAP)).toBe('unmapper releases mmap_sem (write)');
    expect(text(Kind.LOCK_REQUEST, 1, SPIN, MMAP, 3)).toBe('f0 spins for mmap_sem (read), 3 waiting');
    expect(text(Kind.LOCK_GRANT, 1, KERNEL | Flag.STEAL | Flag.CONTENDED, MMAP)).toBe(
      'f0 steals mmap_sem (read) past the queue',
    );
    const handed = Flag.HANDOFF | Flag.CONTENDED | Flag.WRITE;
    expect(text(Kind.LOCK_GRANT, 1, State.RUNNABLE | handed, MMAP)).toBe(
      'f0 is handed mmap_sem (write) before it runs',
    );
    expect(text(Kind.LOCK_GRANT, 1, KERNEL | handed, MUTEX)).toBe('f0 is handed mutex');
    expect(text(Kind.LOCK_GRANT, 1, KERNEL | Flag.WRITE | Flag.CONTENDED, MUTEX)).toBe(
      'f0 gets, after a wait, mutex',
    );
    expect(text(Kind.LOCK_DEMAND, 1, SPIN | Flag.WRITE, SEM, 3)).toBe(
      'f0 demands sem (write): nobody may pass it, 3 waiting',
    );
    expect(text(Kind.LOCK_GRANT, 0, KERNEL | Flag.WRITE, tableId(1))).toBe(
      'unmapper takes the lock of page table 0x200000',
    );
    expect(text(Kind.LOCK_CANCEL, 1, KERNEL, MMAP)).toBe('f0 gives up waiting for mmap_sem (read)');
    expect(text(Kind.SYSCALL_ENTER, 0, KERNEL, MUNMAP, 16)).toBe('unmapper calls munmap at 0x10000');
    expect(text(Kind.FAULT_EXIT, 2, USER | Flag.FAIL, MM, 1)).toBe('f1 gets SIGSEGV at 0x1000');
    expect(text(Kind.PAGES, 0, KERNEL, tableId(1), -512 >>> 0)).toBe(
      'unmapper removes 512 pages from the page table 0x200000',
    );
    expect(text(Kind.TLB_FLUSH, 0, KERNEL, MM, 1)).toBe(
      'unmapper flushes the TLB of main, interrupting 1 CPU',
    );
    expect(text(Kind.WAKE, NO_THREAD, 0, 0, 1)).toBe('machine wakes f0');
    expect(text(Kind.VIOLATION, 0, KERNEL, objectId(Class.INVARIANT, 0), 2)).toBe(
      'unmapper breaks rss_equals_present (RSS equals present pages) at 0x2000',
    );
  });

  it('has a sentence for every kind', () => {
    for (const kind of Object.values(Kind)) {
      const text = describe(record(kind, 0, KERNEL, MMAP, 1), meta);
      expect(text).toMatch(/^unmapper [a-z]/);
      expect(text).not.toMatch(/unknown|undefined/);
    }
  });

  it('writes lines of JSON with names', () => {
    const line = ndjson(record(Kind.LOCK_GRANT, 0, KERNEL | Flag.WRITE | Flag.STEP_END, MMAP, 0, 7), meta);
    expect(line).toBe(
      '{"id":5,"t":12,"thread":"unmapper","kind":"LOCK_GRANT","object":"mmap_lock","arg":0,' +
        '"state":"kernel","flags":["write","step_end"],"line":"a.kp:7"}',
    );
  });

  it('writes valid JSON whatever names and numbers there are', () => {
    const odd = testMeta({ threads: [{ name: 'a "b"\n\\', cpu: 0, mm: 0, daemon: false }] });
    const writer = new NdjsonWriter(odd);
    const { chunks } = randomLog(3, 1_200);
    const lines = writer.lines(chunks[0], 0, chunks[0].count).trimEnd().split('\n');
    expect(lines.length).toBe(chunks[0].count);
    const pieces = [...writer.pieces(chunks[0], 0, chunks[0].count)];
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(writer.lines(chunks[0], 0, chunks[0].count));
    lines.forEach((text, i) => {
      const parsed = JSON.parse(text) as Record<string, unknown>;
      expect(parsed['id']).toBe(i);
      if (chunks[0].thread[i] === 0) expect(parsed['thread']).toBe('a "b"\n\\');
      if (chunks[0].kind[i] === Kind.PAGES) expect(parsed['arg']).toBe(chunks[0].arg[i] | 0);
    });
    const strange = JSON.parse(ndjson(record(200, 999, 255, 0xffffffff, 4, 99_999), odd)) as object;
    expect(strange).toMatchObject({ thread: 'thread999', kind: 200, object: '', line: '' });
    expect(JSON.parse(ndjson(record(Kind.WAKE, NO_THREAD, 0), odd))).toMatchObject({ thread: null });
  });
});
