import { once } from 'node:events';
import { realpathSync, rmSync, type Stats, statSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from './args.ts';

/** Where a command writes a long text, piece by piece; a piece is out of memory when its promise is kept. */
export interface Output {
  write(piece: string): Promise<void>;
  /** The text is whole. */
  finish(): Promise<void>;
  /** The text will never be whole: leaves nothing behind, from the first moment on. Does nothing after `finish`. */
  abandon(): Promise<void>;
}

/**
 * Opens a file to be written, or stdout for '-'. A file gets its name only when its text is whole; until then the text
 * stands beside it under another name. What is no ordinary file (a pipe, a device) is written at once.
 * @throws UsageError when it cannot be written.
 */
export async function openOutput(target: string): Promise<Output> {
  if (target === '-') return new Stdout();
  const existing = await explained(target, async () => look(target));
  if (existing?.stats.isDirectory()) throw new UsageError(`${target}: is a folder`);
  const path = existing?.path ?? target;
  const plain = existing === undefined || existing.stats.isFile();
  const written = plain ? join(dirname(path), `.${basename(path)}.${process.pid}.part`) : path;
  return explained(
    target,
    async () => new File(target, path, written, await open(written, plain ? 'wx' : 'w')),
  );
}

/** What there is under a name; links are followed, so that the file they lead to is replaced and not the link. */
function look(target: string): { readonly path: string; readonly stats: Stats } | undefined {
  const stats = statSync(target, { throwIfNoEntry: false });
  return stats === undefined ? undefined : { path: realpathSync(target), stats };
}

async function explained<T>(target: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (typeof code !== 'string') throw error;
    throw new UsageError(
      `${target}: ${code === 'ENOENT' ? 'no such folder' : `cannot be written (${code})`}`,
    );
  }
}

class Stdout implements Output {
  async write(piece: string): Promise<void> {
    if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
  }

  async finish(): Promise<void> {}
  async abandon(): Promise<void> {}
}

class File implements Output {
  readonly #target: string;
  readonly #path: string;
  readonly #written: string;
  readonly #file: FileHandle;
  #open = true;

  constructor(target: string, path: string, written: string, file: FileHandle) {
    this.#target = target;
    this.#path = path;
    this.#written = written;
    this.#file = file;
  }

  write(piece: string): Promise<void> {
    return explained(this.#target, () => this.#file.appendFile(piece));
  }

  async finish(): Promise<void> {
    await explained(this.#target, async () => {
      await this.#file.close();
      if (this.#written !== this.#path) await rename(this.#written, this.#path);
    });
    this.#open = false;
  }

  async abandon(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    if (this.#written !== this.#path) rmSync(this.#written, { force: true });
    await this.#file.close();
  }
}
