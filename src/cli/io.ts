/** The terminal as the commands see it; main.ts gives the real one. */
import { stripVTControlCharacters, styleText } from 'node:util';
import { graphemesOf, textWidth } from '../domain/text-width.js';
import type { Questions } from './questions.js';

export interface Io {
  /** Results. */
  out(text: string): void;
  /** Progress, warnings, questions. */
  err(text: string): void;
  /** Whether a person can be asked. */
  readonly isInteractive: boolean;
  /** Whether `err` is a terminal that can redraw a line. */
  readonly canRedraw: boolean;
  readonly hasColour: boolean;
  readonly columns: number;
  /** The line the person types; `undefined` when there is none. */
  ask(question: string): Promise<string | undefined>;
  /** Questions with answers to choose or edit. */
  readonly questions: Questions;
  /** The system's name of the person at the terminal. */
  readonly person: string;
  /** The bytes of standard input. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Opens a file in the person's own viewer. */
  open(path: string): void;
  /** Aborted when the person or the system asks to stop. */
  readonly signal: AbortSignal;
  /** The folder relative paths start from. */
  readonly folder: string;
  /** Milliseconds of a clock that never goes back; for rates. */
  monotonicMs(): number;
}

export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

/** Text in a style, where the terminal has colour. */
export function styled(io: Pick<Io, 'hasColour'>, style: Style, text: string): string {
  return io.hasColour ? styleText(style, text) : text;
}

/** Rows as a table, each column as wide as its widest cell; the last is not padded. */
export function columnsOf(rows: readonly (readonly string[])[], gap = '  '): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, width(cell));
  }
  const line = (row: readonly string[]) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell + ' '.repeat((widths[index] ?? 0) - width(cell))))
      .join(gap)
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join('');
}

function width(text: string): number {
  return textWidth(stripVTControlCharacters(text));
}

/** At most `most` graphemes, with an ellipsis where something was cut. */
export function clipped(text: string, most: number): string {
  let [count, cut] = [0, 0];
  for (const { index } of graphemesOf(text)) {
    if (count === most) return `${text.slice(0, cut)}…`;
    cut = index;
    count += 1;
  }
  return text;
}

/** Text from outside without control characters, which must not reach a terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are removed here
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}

/** `5 readers`, `1 reader`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
