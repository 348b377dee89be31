import type { ClipLevel, Section } from './digest.js';

/**
 * An issue as composed for one set of preferences and one language: rendered once, filled for each reader.
 * Rendering returns literal text and typed merge fields, never text with braces, so no post can forge one (rule: merge-fields).
 */
export interface Edition {
  /** Hash over its ordered posts and language: equal keys are the same edition (rule: edition-key). */
  readonly key: string;
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly sections: readonly Section[];
  readonly mail: RenderedMail;
  readonly clip: ClipLevel;
}

/** The three parts of a mail before it is filled for a reader. */
export interface RenderedMail {
  /** One line, no control characters. */
  readonly subject: Segments;
  readonly preheader: string;
  readonly html: Segments;
  readonly text: Segments;
}

/** Literal text and merge fields, in order. Literal text is final: already escaped for its context. */
export type Segments = readonly Segment[];
export type Segment = string | MergeField | Choice | Piece;

/** Segments that several editions of an issue share: rendered, measured, encoded and stored once (rule: pieces). */
export interface Piece {
  readonly kind: 'piece';
  /** Names its content: pieces with equal keys have equal segments. */
  readonly key: string;
  readonly segments: Segments;
}

/** A place filled for each reader. */
export interface MergeField {
  readonly kind: 'hole';
  readonly part: MergeTag;
  /** How the value is escaped. */
  readonly context: EscapeContext;
}

/** One of two texts, by whether the reader has a value for the merge tag. */
export interface Choice {
  readonly kind: 'choice';
  readonly on: MergeTag;
  readonly then: Segments;
  readonly otherwise: Segments;
}

export const MERGE_TAGS = ['name', 'address', 'unsubscribeUrl', 'preferencesUrl', 'webUrl'] as const;

/** What a reader's copy may hold of their own: `name` may be empty, the links never are. */
export type MergeTag = (typeof MERGE_TAGS)[number];

/** `html`: text or a quoted attribute of HTML · `text`: a line of plain text · `header`: unstructured header text. */
export type EscapeContext = 'html' | 'text' | 'header';

/** The values of the merge fields of one reader's copy. */
export type MergeValues = { readonly [tag in MergeTag]: string };

/** Fills the merge fields: literal text as it is, values escaped for their context. */
export function fillSegments(segments: Segments, values: MergeValues): string {
  let filled = '';
  for (const segment of segments) {
    if (typeof segment === 'string') filled += segment;
    else if (segment.kind === 'hole') filled += escapeFor(segment.context, values[segment.part]);
    else if (segment.kind === 'piece') filled += fillSegments(segment.segments, values);
    else filled += fillSegments(values[segment.on] === '' ? segment.otherwise : segment.then, values);
  }
  return filled;
}

/** About how many bytes segments take in memory, without the pieces they share with other editions. */
export function ownBytes(segments: Segments): number {
  return segments.reduce((sum, segment) => {
    if (typeof segment === 'string') return sum + segment.length * 2;
    if (segment.kind === 'choice') return sum + ownBytes(segment.then) + ownBytes(segment.otherwise);
    return sum + REFERENCE_BYTES;
  }, 0);
}

const REFERENCE_BYTES = 16;

/** A value made safe for its context: without control characters, and in HTML without markup. */
export function escapeFor(context: EscapeContext, value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the point (header injection)
  const clean = value.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ');
  if (context !== 'html') return clean;
  return clean.replace(/[&<>"']/g, (character) => HTML_ESCAPES[character] as string);
}

const HTML_ESCAPES: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
