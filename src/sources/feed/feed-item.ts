/** A feed and its items, whatever its format; still as its author made them. Plain data, so that threads can hand it on. */

export interface FeedDocument {
  readonly title: string | undefined;
  readonly language: string | undefined;
  readonly items: readonly FeedItem[];
  /** Where older items are, absolute. */
  readonly older: string | undefined;
  /** Made by WordPress, which pages every feed by `?paged=`. */
  readonly isWordPress: boolean;
  /** How long its author thinks that a reading stays fresh. */
  readonly freshForMinutes: number | undefined;
  /** Its author says that nothing will ever be added. */
  readonly isOver: boolean;
}

export interface FeedItem {
  readonly id: string | undefined;
  /** Absolute http(s). */
  readonly url: string | undefined;
  readonly title: FeedText | undefined;
  readonly content: FeedText | undefined;
  readonly summary: FeedText | undefined;
  /** The best first; as written. */
  readonly dates: readonly string[];
  readonly authors: readonly string[];
  readonly categories: readonly string[];
  readonly language: string | undefined;
  readonly picture: FeedPicture | undefined;
  /** What its relative links are relative to. */
  readonly base: string | undefined;
}

/** `any`: the format does not say whether it is text or HTML. */
export interface FeedText {
  readonly type: 'html' | 'text' | 'any';
  readonly value: string;
}

export interface FeedPicture {
  readonly src: string;
  readonly alt: string;
  readonly width: number | undefined;
  readonly height: number | undefined;
}

/** Joins the bases of nested elements (XML Base): each is relative to the one around it. */
export function baseOf(...bases: readonly (string | undefined)[]): string | undefined {
  return bases.reduce<string | undefined>(
    (outer, base) => (base !== undefined && URL.canParse(base, outer) ? new URL(base, outer).href : outer),
    undefined,
  );
}

/** The absolute http(s) address that a link names, without what campaigns add to it. */
export function pageAddress(written: string | undefined, base: string | undefined): string | undefined {
  const target = written?.trim() ?? '';
  if (target === '' || !URL.canParse(target, base)) return undefined;
  const url = new URL(target, base);
  if (!/^https?:$/.test(url.protocol)) return undefined;
  for (const name of [...url.searchParams.keys()]) if (/^utm_/i.test(name)) url.searchParams.delete(name);
  return url.href;
}

/** A text that says something; `undefined` for a blank one. */
export function textIn(value: string | undefined, type: FeedText['type']): FeedText | undefined {
  return value === undefined || value.trim() === '' ? undefined : { type, value };
}

/** Texts that say something, each once. */
export function namesIn(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.flatMap((value) => value?.trim() || []))];
}
