import { lex } from './lexer.ts';
import type { LineNotes } from './program.ts';

/**
 * The notes of a text by line: `//:` narrates, `//?` asks. A note on a line of its own belongs to the next line that
 * holds code; several notes of one line are joined with a blank.
 */
export function notesOf(text: string): LineNotes {
  const { tokens, comments } = lex(text, '');
  const narration: Record<number, string> = {};
  const question: Record<number, string> = {};
  let t = 0;
  for (const comment of comments) {
    const mark = comment.text.slice(0, 3);
    if (mark !== '//:' && mark !== '//?') continue;
    let line = comment.line;
    if (comment.ownLine) {
      while (t < tokens.length - 1 && (tokens[t]?.from ?? 0) < comment.from) t++;
      const next = tokens[t];
      if (next === undefined || next.kind === 'eof') continue;
      line = next.line;
    }
    const notes = mark === '//:' ? narration : question;
    const note = comment.text.slice(3).trim();
    notes[line] = notes[line] === undefined ? note : `${notes[line]} ${note}`;
  }
  return { narration, question };
}
