/** Takes the program out of an MDX text: imports, exports, components and `{expressions}` outside code. */
import { type CodeRanges, codeRangesOf } from './code-ranges.js';
import { withoutEmptiedLines } from './template-languages.js';
import { GONE } from './template-marks.js';

const STATEMENT = /^(?:import|export)\b[^\n]*(?:\n(?![ \t]*\n)[^\n]*)*/gm;
const OPENER = /<\/?[A-Z][\w.]*|\{/g;

/** Markdown without MDX; a comment that ends the introduction is kept as HTML. */
export function withoutMdx(text: string, findCode = codeRangesOf): string {
  const marked = text.replace(/\{\/\*\s*(more|truncate|excerpt)\s*\*\/\}/g, '<!-- $1 -->');
  const code = findCode(marked);
  const prose = marked.replace(STATEMENT, (statement, at: number) => (code.endAround(at) ? statement : ''));
  return withoutExpressions(prose, findCode(prose));
}

function withoutExpressions(text: string, code: CodeRanges): string {
  const opener = new RegExp(OPENER);
  // A text in which most braces are never closed is no MDX: past this many characters looked at in vain, braces are text.
  const effort = { left: 100_000 + 4 * text.length };
  let [result, at] = ['', 0];
  for (let match = opener.exec(text); match !== null; match = opener.exec(text)) {
    const inCode = code.endAround(match.index);
    const end = inCode ?? endOf(text, match.index, match[0], effort);
    if (inCode === undefined && end !== undefined) {
      result += text.slice(at, match.index) + GONE;
      at = end;
    }
    if (end !== undefined) opener.lastIndex = end;
  }
  return withoutEmptiedLines(result + text.slice(at));
}

/** Where an expression or a component's tag ends, its nested braces and quoted strings counted. */
function endOf(text: string, from: number, opener: string, effort: { left: number }): number | undefined {
  const closer = opener === '{' ? '}' : '>';
  const limit = Math.min(text.length, from + Math.min(4000, effort.left));
  let [depth, quote] = [0, ''];
  for (let at = from + opener.length; at < limit; at += 1) {
    const character = text[at] as string;
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === closer && depth === 0) return at + 1;
    else if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
    else if ((depth > 0 || closer === '>') && /["'`]/.test(character)) quote = character;
  }
  effort.left -= limit - from;
  return undefined;
}
