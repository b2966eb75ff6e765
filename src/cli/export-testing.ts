import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments } from './args.ts';
import { exportCommand } from './export.ts';
import type { RunResult } from './result.ts';
import { measure } from './run.ts';
import { resolveOperand } from './source.ts';

/** Two processes; in the first, faults that zero their page under one page-table lock, a mutex, a mapper, a munmap. */
const MIXED = `mutex m;
int do_anonymous_page(struct vm_area_struct *vma, addr address) {
  pt = pte_alloc(mm, vma, address);
  page = alloc_page();
  spin_lock(&pt->ptl);
  clear_page(page);
  add_mm_counter(mm, 1);
  set_pte(pt, address, page);
  spin_unlock(&pt->ptl);
  return 0;
}
scenario mixed "two processes" {
  extent 3ms;
  process p {
    area a = 256 * PAGE_SIZE;
    area big = 8MB populated;
    thread f[8] on cpu index {
      i = index * 32;
      while (i < index * 32 + 32) { touch(a.start + i * PAGE_SIZE); i += 1; }
      mutex_lock(&m); compute(3us); mutex_unlock(&m);
    }
    thread u on cpu 9 { compute(20us); munmap(big); }
    daemon thread mapper on cpu 10 { while (1) { compute(30us); mmap(PAGE_SIZE); } }
  }
  process q { area b = 8 * PAGE_SIZE; thread t on cpu 8 { touch(b.start); touch(b.start + PAGE_SIZE); } }
}`;

/** A folder for the files of a test, and commands given as lines of arguments. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), 'mmscope-export-'));
  /** The document above, to be run. */
  readonly mixed = this.document('mixed.kp', MIXED);
  #files = 0;

  document(name: string, text: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, text);
    return file;
  }

  /** What `export` writes. */
  async exported(line: string, format = 'chrome'): Promise<string> {
    const file = join(this.folder, `${++this.#files}`);
    const argv = ['export', ...line.split(' '), '--format', format, '-o', file];
    const code = await exportCommand(readArguments(argv));
    if (code !== 0) throw new Error(`export ${line}: ${code}`);
    return readFileSync(file, 'utf8');
  }

  /** What `run` says of the same run. */
  measured(line: string): Promise<RunResult> {
    const { operands, set, untilNs } = readArguments(['run', ...line.split(' ')]);
    return measure(resolveOperand(operands[0] ?? '', set), untilNs);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
