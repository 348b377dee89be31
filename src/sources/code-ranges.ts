/** Where a Markdown text holds code, as the Markdown parser sees it: there everything stays literal. */
import type { Nodes } from 'mdast';
import { parseCommonMark } from './markdown-processor.js';

/** Half-open spans of code, in order, without overlap. */
export class CodeRanges {
  readonly #ranges: readonly (readonly [from: number, to: number])[];

  constructor(ranges: readonly (readonly [from: number, to: number])[]) {
    const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
    this.#ranges = sorted.filter((range, at) => at === 0 || range[0] >= (sorted[at - 1]?.[1] ?? 0));
  }

  /** The end of the code around an offset; `undefined` when there is none. */
  endAround(offset: number): number | undefined {
    let [low, high] = [0, this.#ranges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[middle]?.[1] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const range = this.#ranges[low];
    return range !== undefined && range[0] <= offset ? range[1] : undefined;
  }
}

/** Finds code spans, code blocks and `<code>` or `<pre>` written as HTML. */
export function codeRangesOf(text: string): CodeRanges {
  const ranges: (readonly [number, number])[] = [];
  const html: (readonly [number, number])[] = [];
  const waiting: Nodes[] = [parseCommonMark(text)];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if ('children' in node) for (const child of node.children) waiting.push(child);
    const [from, to] = [node.position?.start.offset ?? 0, node.position?.end.offset ?? 0];
    if (node.type === 'code' || node.type === 'inlineCode') ranges.push([from, to]);
    if (node.type === 'html') html.push([from, to]);
  }
  const markup = new CodeRanges(html);
  const markdown = new CodeRanges(ranges);
  const opened = /<(code|pre)(?=[\s>])/gi;
  for (let match = opened.exec(text); match !== null; match = opened.exec(text)) {
    if (markup.endAround(match.index) === undefined || markdown.endAround(match.index) !== undefined) continue;
    const close = text.indexOf(`</${match[1]}>`, match.index);
    if (close === -1) break;
    ranges.push([match.index, close]);
    opened.lastIndex = close;
  }
  return new CodeRanges(ranges);
}
