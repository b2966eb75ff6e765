/** An open-addressed map from unsigned 32-bit ids to small whole numbers; 0 is not a valid id. */
export class IdMap {
  size = 0;
  #keys = new Uint32Array(64);
  #values = new Int32Array(64);
  #mask = 63;

  #home(id: number): number {
    return (Math.imul(id, 0x9e3779b1) >>> 12) & this.#mask;
  }

  /** The value of an id, or -1. */
  get(id: number): number {
    let at = this.#home(id);
    for (;;) {
      const key = this.#keys[at];
      if (key === id) return this.#values[at];
      if (key === 0) return -1;
      at = (at + 1) & this.#mask;
    }
  }

  set(id: number, value: number): void {
    if (this.size * 2 > this.#mask) this.#rehash();
    let at = this.#home(id);
    while (this.#keys[at] !== 0 && this.#keys[at] !== id) at = (at + 1) & this.#mask;
    if (this.#keys[at] === 0) this.size++;
    this.#keys[at] = id;
    this.#values[at] = value;
  }

  /** True if the id was there. */
  delete(id: number): boolean {
    let hole = this.#home(id);
    while (this.#keys[hole] !== id) {
      if (this.#keys[hole] === 0) return false;
      hole = (hole + 1) & this.#mask;
    }
    this.size--;
    // Entries behind the hole that may stand in it move up, so that no search needs tombstones.
    for (let at = (hole + 1) & this.#mask; this.#keys[at] !== 0; at = (at + 1) & this.#mask) {
      const home = this.#home(this.#keys[at]);
      if (((at - home) & this.#mask) < ((at - hole) & this.#mask)) continue;
      this.#keys[hole] = this.#keys[at];
      this.#values[hole] = this.#values[at];
      hole = at;
    }
    this.#keys[hole] = 0;
    return true;
  }

  #rehash(): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#mask = this.#mask * 2 + 1;
    this.#keys = new Uint32Array(this.#mask + 1);
    this.#values = new Int32Array(this.#mask + 1);
    this.size = 0;
    for (let i = 0; i < keys.length; i++) if (keys[i] !== 0) this.set(keys[i], values[i]);
  }
}
