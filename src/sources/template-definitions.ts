/**
 * A loop may define many references at once, `[#{{ issue }}]: …`: the references that look like it are defined as
 * templated, so that they become their plain text.
 */
import { GONE } from './template-marks.js';

/** A site's authors write one or two such definitions; of more than these the references stay as they are written. */
const MOST_PATTERNS = 20;
/** What a loop makes labels of (a number, a version) is short. */
const LONGEST_LABEL = 100;

/** The text with a definition behind it for each reference that a templated definition may have been for. */
export function withDefinitionsForPatterns(text: string): string {
  const patterns = patternsIn(text);
  if (patterns.length === 0) return text;
  const named = new Set<string>();
  for (const { 1: label = '' } of text.matchAll(/\[([^[\]\n]+)\](?!:)/g)) {
    if (label.length <= LONGEST_LABEL && patterns.some((pieces) => looksLike(label, pieces))) named.add(label);
  }
  return `${text}\n\n${[...named].map((label) => `[${label}]: ${GONE}`).join('\n')}`;
}

/** Each label as the pieces between its expressions. */
function patternsIn(text: string): readonly (readonly string[])[] {
  const labels = new Set<string>();
  for (const { 1: label = '' } of text.matchAll(/^ {0,3}\[([^[\]\n]+)\]:/gm)) {
    if (label.includes(GONE) && label.length <= LONGEST_LABEL) labels.add(label);
    if (labels.size === MOST_PATTERNS) break;
  }
  return [...labels].map((label) => label.split(/\uFDD0+/));
}

/** Whether a label is these pieces, in order, with at least one character in place of each expression. */
function looksLike(label: string, pieces: readonly string[]): boolean {
  const [first = '', ...others] = pieces;
  const last = others.pop() ?? '';
  if (!label.startsWith(first) || !label.endsWith(last)) return false;
  let at = first.length;
  for (const piece of others) {
    const found = label.indexOf(piece, at + 1);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return at < label.length - last.length;
}
