import { describe, expect, test } from 'vitest';
import { pathFiles } from '../kernel/files.ts';
import { equalDocuments } from './equal.ts';
import { format } from './format.ts';
import { parse } from './parse.ts';

function formatted(text: string): string {
  const { document, diagnostics } = parse(text, 'x.kp');
  expect(diagnostics).toEqual([]);
  return format(document);
}

describe('path files', () => {
  test.each(Object.keys(pathFiles))('%s keeps its meaning', (file) => {
    const text = pathFiles[file] ?? '';
    const once = formatted(text);
    expect(equalDocuments(parse(text, file).document, parse(once, file).document)).toBe(true);
    expect(formatted(once)).toBe(once);
  });
});

test('layout', () => {
  const ugly = `knob  A=true;//: help
/* first */ int munmap ( range r ){ // head
down_write(&mm->mmap_sem);


vma=find_vma(mm,r.start);@find_vma  //: looks
if(!vma) goto out; else { x = a?b:(c); } // tail
for(pt in page_tables(r)) zap(pt); @ zap*( 1+2 ) // c
while (x) // why
  x--;
do { y++; } while(y<3);
// before the label
out: up_write(&mm->mmap_sem); return -EINTR; }
scenario a-b "t" expect violation(x) { set munmap=vm-dead; area big=320GB populated; // big

daemon thread f[31] on cpu 1+index { sleep(5ms); } }`;
  expect(formatted(ugly)).toBe(`knob A = true;                              //: help

/* first */
int munmap(range r) {                       // head
    down_write(&mm->mmap_sem);

    vma = find_vma(mm, r.start);            @ find_vma //: looks
    if (!vma)
        goto out;
    else {
        x = a ? b : (c);
    }                                       // tail
    for (pt in page_tables(r))
        zap(pt);                            @ zap * (1 + 2) // c
    while (x)                               // why
        x--;
    do {
        y++;
    } while (y < 3);
    // before the label
out:
    up_write(&mm->mmap_sem);
    return -EINTR;
}

scenario a-b "t" expect violation(x) {
    set munmap = vm-dead;
    area big = 320GB populated;             // big

    daemon thread f[31] on cpu 1 + index {
        sleep(5ms);
    }
}
`);
});

test('equalDocuments sees what differs', () => {
  const of = (text: string) => parse(text, 'x.kp').document;
  expect(equalDocuments(of('int f() { return (1); }'), of('int f()\n{ return 1; }'))).toBe(true);
  expect(equalDocuments(of('int f() { return 1; }'), of('int f() { return 2; }'))).toBe(false);
  expect(equalDocuments(of('int f() { return 1; } // a'), of('int f() { return 1; }'))).toBe(false);
  expect(equalDocuments(of('int f() { x = 1; }'), of('int f() { x = 1; @ 2\n }'))).toBe(false);
  expect(equalDocuments(of('int f() { x = (1 + 2) * 3; }'), of('int f() { x = 1 + 2 * 3; }'))).toBe(false);
});
