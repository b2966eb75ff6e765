import { test } from 'vitest';
import { compiled, thread, vocabulary } from '../testing.ts';
import { disassemble } from '../inspect.ts';
test('x', () => {
  console.log(disassemble(compiled(thread('out(f());', 'shared int x; int f() { atomic { if (x == 0) return 1; x = 2; } return 2; }')), vocabulary));
});
