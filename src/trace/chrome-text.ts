import { type Ns, PAGE_BYTES } from '../event/index.ts';

const FRACTIONS = Array.from({ length: 1000 }, (_, ns) => `.${String(ns).padStart(3, '0')}`);

/** A time in microseconds with three decimals, put together from whole ns: no digit comes from a division. */
export function us(ns: Ns): string {
  const whole = Math.floor(ns);
  const before = Math.floor(whole / 1000);
  return `${before}${FRACTIONS[whole - before * 1000]}`;
}

/** An address as a member value. */
export function addressText(page: number): string {
  return `"0x${(page * PAGE_BYTES).toString(16)}"`;
}

/** Members of an object, those that are empty left out. */
export function members(...texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(',');
}

/** Where an event stands: a lane (pid and tid), or a process as a whole, whose tid is then its pid. */
export function place(pid: number, tid = pid): string {
  return `"pid":${pid},"tid":${tid}`;
}

/** The elements of `traceEvents`, one a line, until they are taken away and written. */
export class EventText {
  #text = '';
  #begun = false;

  /** Characters that wait to be taken. */
  get length(): number {
    return this.#text.length;
  }

  /** Adds an event, given as the members of its object. */
  add(body: string): void {
    this.#text += this.#begun ? `,\n{${body}}` : `\n{${body}}`;
    this.#begun = true;
  }

  /** Names a process or a lane, or says where it stands among its like. */
  meta(name: string, where: string, value: string | number): void {
    const arg = typeof value === 'string' ? `"name":${JSON.stringify(value)}` : `"sort_index":${value}`;
    this.add(`"ph":"M","name":"${name}",${where},"ts":0.000,"args":{${arg}}`);
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}
