/** What the templates of a theme print for one edition, taken apart: its own words, what it shares, and the rest (rule: pieces). */
import type { MailViews } from './mail-view.js';
import { openPlaceholders, type Placeholders } from './placeholders.js';
import type { Job, Sharing, TemplateSet } from './template.js';

/** A partial given a section or a post: the same text in every edition that shows it. */
export interface SharedPart {
  readonly partial: string;
  /** With placeholders of its own. */
  readonly source: string;
  readonly placeholders: Placeholders;
}

/** The text of one template for one edition. */
export interface Skeleton {
  /** A placeholder word replaces each text of the edition's own, and for each run of shared parts. */
  readonly source: string;
  readonly placeholders: Placeholders;
  readonly words: readonly string[];
  /** Shared parts that follow one another. */
  readonly runs: readonly (readonly SharedPart[])[];
  /** Equal for editions that differ in their words and shared parts alone. */
  readonly key: string;
}

export interface SkeletonPrinter {
  /** @param isInline whether a partial is printed in its place, as part of the skeleton */
  print(view: object, isInline: (partial: string) => boolean): Skeleton;
  /** The whole text with the places its lines come from. */
  trace(view: object): { readonly source: string; places(): readonly string[] };
  readonly nonce: string;
}

/** Prints the skeletons of an issue's editions from one template. @param nonce occurs in no content */
export function openSkeletons<J extends Job>(
  templates: TemplateSet<J>,
  views: MailViews,
  job: Omit<J, 'placeholders' | 'sharing'>,
  nonce: string,
): SkeletonPrinter {
  const known = new Map<string, WeakMap<object, SharedPart>>();
  let count = 0;

  function part(partial: string, view: object, print: (job: Job) => string): SharedPart {
    const ofPartial = known.get(partial) ?? new WeakMap<object, SharedPart>();
    known.set(partial, ofPartial);
    const kept = ofPartial.get(view);
    if (kept) return kept;
    count += 1;
    const placeholders = openPlaceholders(`${nonce}p${count}x`);
    const fresh = { partial, placeholders, source: print({ ...job, placeholders }) };
    ofPartial.set(view, fresh);
    return fresh;
  }

  const jobWith = (more: Job): J => ({ ...job, ...more }) as unknown as J;
  const runsOfSlots = new RegExp(`${nonce}s\\d+z(?:\\s*${nonce}s\\d+z)*`, 'g');

  return {
    nonce,
    print(view, isInline) {
      const words: string[] = [];
      const slots: SharedPart[] = [];
      let blocks = 0;
      const sharing: Sharing = {
        slot(partial, context, print) {
          if (blocks > 0 || isInline(partial) || !views.isShared(context)) return undefined;
          return `${nonce}s${slots.push(part(partial, context, print)) - 1}z`;
        },
        word: (text) => (blocks > 0 ? text : `${nonce}w${words.push(text) - 1}z`),
        without(work) {
          blocks += 1;
          try {
            return work();
          } finally {
            blocks -= 1;
          }
        },
      };
      const placeholders = openPlaceholders(nonce);
      const printed = templates.render(view, jobWith({ placeholders, sharing }));
      const runs: SharedPart[][] = [];
      const source = printed.replace(runsOfSlots, (run) => {
        const parts = [...run.matchAll(/s(\d+)z/g)].map(([, index]) => slots[Number(index)] as SharedPart);
        return `${nonce}r${runs.push(parts) - 1}z`;
      });
      return { source, placeholders, words, runs, key: `${source}\0${placeholders.key()}` };
    },
    trace(view) {
      const source = templates.render(view, jobWith({ placeholders: openPlaceholders(nonce) }));
      return { source, places: () => templates.trace(view, jobWith({ placeholders: openPlaceholders(nonce) })) };
    },
  };
}

export type WordOrLiteral = { readonly word: number } | { readonly text: string; readonly hasWords: boolean };

/** Splits a text at the edition's own words; a word inside a choice stays in its text. */
export function splitAtWords(text: string, nonce: string, placeholders: Placeholders): readonly WordOrLiteral[] {
  const parts: WordOrLiteral[] = [];
  const marks = placeholders.findIn(text);
  let from = 0;
  let hasWords = false;
  for (const match of text.matchAll(new RegExp(`${nonce}w(\\d+)z`, 'g'))) {
    const depth = marks.reduce(
      (sum, { mark, start }) =>
        start < match.index ? sum + (mark.kind === 'if' ? 1 : mark.kind === 'end' ? -1 : 0) : sum,
      0,
    );
    if (depth > 0) hasWords = true;
    else {
      parts.push({ text: text.slice(from, match.index), hasWords }, { word: Number(match[1]) });
      from = match.index + match[0].length;
      hasWords = false;
    }
  }
  return [...parts, { text: text.slice(from), hasWords }];
}
