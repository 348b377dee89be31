/**
 * Placeholders carry merge tags and finished markup through MJML unharmed. Each is a word of letters and digits around a
 * nonce of 128 random bits that occurs nowhere in the content, so that nothing in a post can pose as one (rule: merge-fields).
 */
import type { EscapeContext, MergeTag, Segment, Segments } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';

/** What a placeholder is replaced with, and the place in the template it comes from. */
export type Mark =
  | { readonly kind: 'hole'; readonly part: MergeTag; readonly where: string }
  | { readonly kind: 'if'; readonly on: MergeTag; readonly where: string }
  | { readonly kind: 'else' | 'end'; readonly where: string }
  | { readonly kind: 'markup'; readonly html: string; readonly where: string };

/** A placeholder found in a text. */
export interface Found {
  readonly mark: Mark;
  readonly start: number;
  readonly end: number;
}

export interface Placeholders {
  /** The word that takes the place of a merge field until `segmentsFrom` replaces it. */
  add(mark: Mark): string;
  /** Every placeholder of a text, in order. */
  findIn(text: string): readonly Found[];
  /** Throws `theme.invalid` when a placeholder did not arrive, or half of a choice arrived twice. */
  checkArrival(found: readonly Found[]): void;
  /** Equal for placeholders that fill the same text in the same way. */
  key(): string;
  /** Splits a text into literal text, merge fields and choices. */
  segmentsFrom(text: string, context: EscapeContext): Segments;
}

/** @param nonce letters and digits, beginning with a letter; occurs nowhere in the content */
export function openPlaceholders(nonce: string): Placeholders {
  const marks: Mark[] = [];
  const pattern = new RegExp(`${nonce}(\\d+)z`, 'g');
  const findIn = (text: string): readonly Found[] =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const mark = marks[Number(match[1])];
      return mark ? [{ mark, start: match.index, end: match.index + match[0].length }] : [];
    });
  return {
    add: (mark) => `${nonce}${marks.push(mark) - 1}z`,
    findIn,
    key: () => JSON.stringify(marks.map(({ where: _, ...mark }) => mark)),
    checkArrival: (found) => checkArrival(marks, found),
    segmentsFrom: (text, context) => segmentsFrom(text, findIn(text), context),
  };
}

function checkArrival(marks: readonly Mark[], found: readonly Found[]): void {
  const counts = new Map<Mark, number>();
  for (const { mark } of found) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  for (const mark of marks) {
    const count = counts.get(mark) ?? 0;
    if (count === 1 || (count > 1 && (mark.kind === 'hole' || mark.kind === 'markup'))) continue;
    const message =
      count === 0
        ? `${nameOf(mark)} is lost on the way through MJML.`
        : `${nameOf(mark)} comes out ${count} times; a choice must be where MJML writes it once.`;
    const hint = 'Text and choices must be inside mj-text, mj-button, mj-table or mj-raw.';
    throw new GazetteError('theme.invalid', message, { where: mark.where, hint });
  }
}

function segmentsFrom(text: string, found: readonly Found[], context: EscapeContext): Segments {
  const outer: Frame = { into: [] };
  const open: Frame[] = [outer];
  let from = 0;
  for (const { mark, start, end } of found) {
    const { into } = open.at(-1) ?? outer;
    push(into, text.slice(from, start));
    from = end;
    if (mark.kind === 'hole') push(into, { kind: 'hole', part: mark.part, context });
    else if (mark.kind === 'markup') push(into, mark.html);
    else if (mark.kind === 'if') open.push({ into: [], on: mark.on });
    else turn(open, mark, outer);
  }
  push(outer.into, text.slice(from));
  if (open.length > 1) throw new GazetteError('theme.invalid', 'A choice is opened and never closed.');
  return outer.into;
}

interface Frame {
  into: Segment[];
  readonly on?: MergeTag;
  whenSet?: Segment[];
}

/** Moves a choice to its second text, or closes it. */
function turn(open: Frame[], mark: { kind: 'else' | 'end'; where: string }, outer: Frame): void {
  const frame = open.at(-1);
  if (frame?.on === undefined || (mark.kind === 'else') !== (frame.whenSet === undefined)) {
    throw new GazetteError('theme.invalid', 'The two texts of a choice come out in the wrong order.', {
      where: mark.where,
    });
  }
  if (mark.kind === 'else') {
    frame.whenSet = frame.into;
    frame.into = [];
    return;
  }
  open.pop();
  // biome-ignore lint/suspicious/noThenProperty: the domain's Choice is data, and is never awaited
  push((open.at(-1) ?? outer).into, { kind: 'choice', on: frame.on, then: frame.whenSet ?? [], otherwise: frame.into });
}

/** Appends a segment; neighbouring literals become one. */
export function push(segments: Segment[], segment: Segment): void {
  const last = segments.at(-1);
  if (segment === '') return;
  if (typeof segment === 'string' && typeof last === 'string') segments[segments.length - 1] = last + segment;
  else segments.push(segment);
}

/** How a template spells a merge field or a choice. */
export function nameOf(mark: Mark): string {
  if (mark.kind === 'hole') return `{{reader.${mark.part}}}`;
  if (mark.kind === 'markup') return 'The text put in here';
  return mark.kind === 'if' ? `{{#if reader.${mark.on}}}` : 'The choice made here';
}
