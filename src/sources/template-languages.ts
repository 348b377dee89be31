/**
 * Takes out what a site generator would have evaluated and we cannot: Liquid, Hugo shortcodes, Nunjucks, kramdown
 * attributes and `:::` fences (standards O3). Runs before Markdown is parsed; inside code everything stays literal.
 */
import { type CodeRanges, codeRangesOf } from './code-ranges.js';
import { fenceAround, figureFrom } from './shortcodes.js';
import { BRACE, GONE } from './template-marks.js';

/** Markdown in which `GONE` stands for each expression and `BRACE` for each brace its author protected. */
export function withoutTemplates(text: string): string {
  const unprotected = protectShownTemplates(text);
  if (!/\{[{%:#.]|^[ \t]*:::/m.test(unprotected)) return unprotected;
  const stripped = strip(unprotected, codeRangesOf(unprotected));
  const withoutLines = stripped.replace(/^[ \t]*\uFDD0[ \t\uFDD0]*$/gm, '');
  return withDefinitionsForPatterns(withoutLines);
}

/** Raw blocks and Hugo's commented-out shortcodes show a template to the reader: their braces are text, also in code. */
function protectShownTemplates(text: string): string {
  const shown = text.replace(/\{\{([<%])\/\*((?:(?!\*\/)[^\n]){0,2000})\*\/([>%])\}\}/g, (_, open, inside, close) =>
    `{{${open}${inside}${close}}}`.replaceAll('{', BRACE),
  );
  const tags = /\{%-?[ \t]*(raw|endraw)[ \t]*-?%\}/g;
  const tagsFound = [...shown.matchAll(tags)];
  let [result, at] = ['', 0];
  for (let index = 0; index < tagsFound.length; index += 1) {
    const open = tagsFound[index] as RegExpExecArray;
    if (open[1] !== 'raw') continue;
    while (index < tagsFound.length && tagsFound[index]?.[1] !== 'endraw') index += 1;
    const close = tagsFound[index];
    if (close === undefined) break;
    const inside = shown.slice(open.index + open[0].length, close.index);
    result += shown.slice(at, open.index) + inside.replaceAll('{', BRACE);
    at = close.index + close[0].length;
  }
  return result + shown.slice(at);
}

// In order: tags and expressions, comments, kramdown attributes, attributes at the end of a line, containers.
const OPENER =
  /\{\{|\{%|\{#(?=[^\n]{0,2000}#\})|\{:(?=[ .#:/]|toc\b|[\w-]+[=:])|[ \t]*\{[#.](?=[\w-][^{}\n]*\}[ \t]*$)|^[ \t]*:{3,}/gm;

function strip(text: string, code: CodeRanges): string {
  const find = finder(text, code);
  const opener = new RegExp(OPENER);
  let [result, at] = ['', 0];
  for (let match = opener.exec(text); match !== null; match = opener.exec(text)) {
    const inCode = code.endAround(match.index + match[0].length - 1);
    if (inCode !== undefined) {
      opener.lastIndex = inCode;
      continue;
    }
    const taken = takeOut(text, match.index, match[0].trimStart(), find);
    if (taken === undefined) continue;
    result += text.slice(at, match.index) + taken.instead;
    at = taken.end;
    opener.lastIndex = Math.max(at, match.index + 1);
  }
  return result + text.slice(at);
}

interface Taken {
  readonly instead: string;
  readonly end: number;
}

type Find = (closer: string, from: number) => number;

function takeOut(text: string, from: number, opener: string, find: Find): Taken | undefined {
  if (opener === '{%') return tag(text, from, '%}', find);
  if (opener === '{{') {
    if (text.startsWith('{{<', from)) return tag(text, from, '>}}', find);
    if (text.startsWith('{{%', from)) return tag(text, from, '%}}', find);
    return upTo('}}', from + 2, find, text);
  }
  if (opener === '{#' && text.startsWith('{#', from)) {
    const comment = upTo('#}', from + 2, find, text);
    if (comment !== undefined) return comment;
  }
  if (opener.startsWith(':::')) return { instead: GONE, end: endOfLine(text, from) };
  return upTo('}', from, find, text);
}

function upTo(closer: string, from: number, find: Find, text: string): Taken | undefined {
  let end = find(closer, from);
  if (end === -1) return undefined;
  end += closer.length;
  if (closer === '}}') while (text[end] === '}') end += 1;
  return { instead: GONE, end };
}

/** A tag of Liquid or a shortcode of Hugo, with what it encloses where we know what that means. */
function tag(text: string, from: number, closer: string, find: Find): Taken | undefined {
  const close = find(closer, from + 2);
  if (close === -1) return undefined;
  const end = close + closer.length;
  const inside = text.slice(from, close).replace(/^\{[{%][<%]?-?/, '');
  const [name = ''] = inside.trim().split(/\s+/, 1);
  if (name === 'figure') return { instead: figureFrom(inside) ?? GONE, end };
  if (!ENCLOSING.has(name)) return { instead: GONE, end };
  const closing = new RegExp(`\\{[{%][<%]?-?\\s{0,9}(?:end|/\\s{0,9})${name}\\s{0,9}-?[>%]\\}{1,2}`, 'g');
  closing.lastIndex = end;
  const ending = closing.exec(text);
  if (ending === null) return { instead: GONE, end };
  const enclosed = text.slice(end, ending.index);
  const instead = name === 'comment' ? GONE : fenceAround(enclosed, inside.trim().split(/\s+/)[1], text, from);
  return { instead, end: ending.index + ending[0].length };
}

const ENCLOSING = new Set(['highlight', 'codeblock', 'comment']);

/** Finds a closer outside code and before the next blank line; each closer is looked for once over the whole text. */
function finder(text: string, code: CodeRanges): Find {
  const next = new Map<string, number>();
  const nextOf = (wanted: string, from: number): number => {
    let at = next.get(wanted);
    if (at === undefined || (at !== -1 && at < from)) {
      at = text.indexOf(wanted, from);
      next.set(wanted, at);
    }
    return at;
  };
  return (closer, from) => {
    let at = nextOf(closer, from);
    for (let end = code.endAround(at); at !== -1 && end !== undefined; end = code.endAround(at))
      at = nextOf(closer, end);
    const blank = nextOf('\n\n', from);
    return blank !== -1 && at > blank ? -1 : at;
  };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/**
 * A loop may define many references at once, `[#{{ issue }}]: …`: the references that look like it
 * are defined as templated, so that they become their plain text.
 */
function withDefinitionsForPatterns(text: string): string {
  const labels = [...text.matchAll(/^ {0,3}\[([^[\]\n]*\uFDD0[^[\]\n]*)\]:/gm)].map(([, label]) => label as string);
  if (labels.length === 0) return text;
  const alternatives = [...new Set(labels)].map((label) =>
    label
      .split(/\uFDD0+/)
      .map(escaped)
      .join('[^\\[\\]\\n]{1,200}'),
  );
  const pattern = new RegExp(`\\[(${alternatives.join('|')})\\](?!:)`, 'g');
  const named = new Set([...text.matchAll(pattern)].map(([, label]) => label as string));
  return `${text}\n\n${[...named].map((label) => `[${label}]: ${GONE}`).join('\n')}`;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
