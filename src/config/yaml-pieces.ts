/** A settings file cut at its keys, so that one can be written anew while every byte around it stays. */
import { isMap, isScalar, type Node, type Pair, parseDocument } from 'yaml';

export interface YamlPieces {
  /** Everything before the first key. */
  readonly head: string;
  readonly pieces: readonly YamlPiece[];
}

/** One key with its value, and everything up to the next: comments and empty lines. */
export interface YamlPiece {
  readonly key: string;
  readonly body: string;
  readonly tail: string;
}

/** `undefined` for what is not a plain list of keys at the beginning of lines. @param text sound YAML, or nothing */
export function yamlPieces(text: string): YamlPieces | undefined {
  const { contents, directives } = parseDocument(text);
  if (contents === null && !directives?.docEnd) return { head: text, pieces: [] };
  if (!isMap(contents) || contents.flow || directives?.docEnd) return undefined;
  const pairs = contents.items as Pair<Node, Node | null>[];
  const starts = pairs.map(({ key }) => key.range?.[0] ?? -1);
  if (starts.some((start) => start < 0 || (start > 0 && text[start - 1] !== '\n'))) return undefined;
  const pieces = pairs.map(({ key, value }, index): YamlPiece => {
    const start = starts[index] ?? 0;
    const next = starts[index + 1] ?? text.length;
    const end = Math.min(endOfLine(text, value?.range?.[1] ?? key.range?.[1] ?? start), next);
    return {
      key: isScalar(key) ? String(key.value).trim() : '',
      body: text.slice(start, end),
      tail: text.slice(end, next),
    };
  });
  return { head: text.slice(0, starts[0] ?? 0), pieces };
}

function endOfLine(text: string, offset: number): number {
  if (text[offset - 1] === '\n') return offset;
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}
