/** Frames that a node's stack has room for at most. */
const MOST = 1 << 20;
/** How far below the top a frame is looked for. */
const NEAR = 16;

/**
 * The frames that were put at the head of lists of single pages, a stack for each node: what is taken next stands near its
 * top, where the list itself tells only one after the other. A list is a chain through memory that no cache holds, so those
 * that are about to be taken are looked at beforehand, many at a time, and are there when it is followed. It is a hint
 * alone: what is wrong here, as after a page left its list in the middle or the world was replaced, changes no outcome.
 */
export class Recent {
  /** All frames that were looked at, so that the looks are not left out. */
  seen = 0;
  private readonly stacks: Int32Array;
  private readonly tops: Int32Array;
  private readonly depths: Int32Array;
  private readonly room: number;

  constructor(nodes: number, frames: number) {
    let room = 1;
    while (room < MOST && room * nodes < frames) room *= 2;
    this.room = room;
    this.stacks = new Int32Array(room * nodes);
    this.tops = new Int32Array(nodes);
    this.depths = new Int32Array(nodes);
  }

  push(node: number, frame: number): void {
    const { stacks, tops, depths, room } = this;
    const top = tops[node] as number;
    stacks[node * room + top] = frame;
    tops[node] = (top + 1) & (room - 1);
    if ((depths[node] as number) < room) depths[node] = (depths[node] as number) + 1;
  }

  /** The stack of a node is `frames`, the last one on top. */
  fill(node: number, frames: Int32Array): void {
    const { stacks, tops, depths, room } = this;
    const n = frames.length < room ? frames.length : room;
    stacks.set(frames.subarray(frames.length - n), node * room);
    tops[node] = n & (room - 1);
    depths[node] = n;
  }

  /** Looks at the `n` frames on top; `frames` has two words for each. */
  look(node: number, frames: Int32Array, n: number): void {
    const { stacks, tops, depths, room } = this;
    const top = tops[node] as number;
    const depth = depths[node] as number;
    const some = n < depth ? n : depth;
    const base = node * room;
    let seen = 0;
    for (let k = 1; k <= some; k++)
      seen |= frames[(stacks[base + ((top - k) & (room - 1))] as number) << 1] as number;
    this.seen |= seen;
  }

  /** The first `n` of `pages` were taken: they leave the top, and whatever stood above them. */
  took(node: number, pages: Int32Array, n: number): void {
    const { stacks, tops, depths, room } = this;
    const base = node * room;
    let top = tops[node] as number;
    let depth = depths[node] as number;
    for (let i = 0; i < n; i++) {
      const most = depth < NEAR ? depth : NEAR;
      for (let k = 1; k <= most; k++) {
        if (stacks[base + ((top - k) & (room - 1))] !== pages[i]) continue;
        top = (top - k) & (room - 1);
        depth -= k;
        break;
      }
    }
    tops[node] = top;
    depths[node] = depth;
  }
}
