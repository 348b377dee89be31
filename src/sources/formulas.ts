/** Formulas of TeX become code, letter by letter as they are written: Markdown would take their characters for markup. */
import { type CodeRanges, codeRangesOf } from './code-ranges.js';

/** The text with each formula as code; prices stay as they are. */
export function withFormulasAsCode(text: string, findCode = codeRangesOf): string {
  if (!/\$|\\[([]/.test(text)) return text;
  const code = findCode(text);
  const found = /\$\$?|\\{1,2}[([]/g;
  const ends = new Map<string, number[]>();
  let [result, at] = ['', 0];
  for (let match = found.exec(text); match !== null; match = found.exec(text)) {
    const from = match.index;
    const inside = code.endAround(from);
    const end =
      inside === undefined && !isEscaped(text, from) ? formulaEnd(text, from, match[0], code, ends) : undefined;
    if (inside !== undefined) found.lastIndex = inside;
    if (end === undefined) continue;
    result += text.slice(at, from) + asCode(text, from, end);
    at = end;
    found.lastIndex = end;
  }
  return result + text.slice(at);
}

const CLOSERS: { readonly [opener: string]: string } = {
  $$: '$$',
  $: '$',
  '\\(': '\\)',
  '\\[': '\\]',
  '\\\\(': '\\\\)',
  '\\\\[': '\\\\]',
};
/** In UTF-16 code units; what is longer is no formula. */
const LONGEST = 5000;

function formulaEnd(text: string, from: number, opener: string, code: CodeRanges, ends: Map<string, number[]>) {
  const closer = CLOSERS[opener] as string;
  const start = from + opener.length;
  if (opener === '$' && !mayOpen(text, from)) return undefined;
  const end = nextCloser(text, closer, start, ends);
  if (end === undefined || end - start > LONGEST || end === start) return undefined;
  // What is opened again before it is closed is no formula.
  const again = opener === closer ? undefined : nextCloser(text, opener, start, ends);
  if (again !== undefined && again < end) return undefined;
  const content = text.slice(start, end);
  if (/\n[ \t]*\n/.test(content) || code.endAround(end) !== undefined) return undefined;
  if (opener === '$' && !mayClose(text, end, content)) return undefined;
  // Parentheses are escaped in prose too, and brackets still more often.
  if (opener.startsWith('\\') && !/[\\^_=<>+]|^\s*[a-zA-Z]\s*$/.test(content)) return undefined;
  return end + closer.length;
}

/** Where a closer is, at or after a place; each closer is looked for once over the whole text. */
function nextCloser(text: string, closer: string, from: number, ends: Map<string, number[]>): number | undefined {
  let places = ends.get(closer);
  if (places === undefined) {
    places = [];
    for (let at = text.indexOf(closer); at !== -1; at = text.indexOf(closer, at + closer.length)) {
      if (closer.startsWith('\\') || !isEscaped(text, at)) places.push(at);
    }
    places.reverse();
    ends.set(closer, places);
  }
  while ((places.at(-1) ?? from) < from) places.pop();
  return places.at(-1);
}

/** As Pandoc reads it: nothing but a space or punctuation before the sign, and no space behind it. */
function mayOpen(text: string, at: number): boolean {
  return !/[\w$\\]/.test(text.charAt(at - 1)) && /\S/.test(text.charAt(at + 1));
}

/** No space before the sign, no digit behind it; and what begins with a number and goes on in words is a price. */
function mayClose(text: string, at: number, content: string): boolean {
  if (/\s$/.test(content) || /\d/.test(text.charAt(at + 1))) return false;
  if (/[A-Za-z]/.test(text.charAt(at + 1)) && !/[\w)}\]]$/.test(content)) return false;
  const number = /^\d[\d.,]*/.exec(content)?.[0];
  if (number === undefined || /[\\^_={}]/.test(content)) return true;
  const rest = content.slice(number.length);
  return !(/^(?:[kKmM]|bn)?[\s,;:–-]/.test(rest) && /[A-Za-z]{2}/.test(rest));
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charAt(at - 1 - backslashes) === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

/** A span of code; a formula of several lines is one line to Markdown, so it becomes a block where it is alone on its lines. */
function asCode(text: string, from: number, end: number): string {
  const formula = text.slice(from, end);
  const isAlone =
    /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, from - 80), from)) &&
    /^[ \t]*(?:\n|$)/.test(text.slice(end, end + 80));
  let longest = 0;
  for (const [run] of formula.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + (formula.includes('\n') && isAlone ? 3 : 1));
  if (!formula.includes('\n')) return longest === 0 ? `\`${formula}\`` : `${fence} ${formula} ${fence}`;
  return isAlone ? `${fence}\n${formula}\n${fence}` : `${fence} ${inOneLine(formula)} ${fence}`;
}

function inOneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
}
