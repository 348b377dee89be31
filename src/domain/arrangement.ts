/** What an editor arranged for one issue (rule: files): its posts, their order, introduction and subject. Pure. */
import { type TextInLanguage, textInLanguage } from './language.js';

/** A post is named by any key it has ever had (rule: identity): its own id, its URL, or its path within its source. */
export interface Arrangement {
  /** Before all others, in this order. */
  readonly pinned: readonly string[];
  readonly excluded: readonly string[];
  /** Posts in the issue although they are not news. */
  readonly added: readonly string[];
  /** Within their sections these come first, in this order. */
  readonly order: readonly string[];
  /** The section a post is moved to: the key of a category, or `other`. */
  readonly sections: { readonly [post: string]: string };
  /** Markdown before the first post. */
  readonly introduction?: TextByLanguage;
  /** One line of plain text. */
  readonly subject?: TextByLanguage;
}

/** One text for every language, or one for each; byte for byte as its author wrote it. */
export type TextByLanguage = string | { readonly [language: string]: string };

export const NO_ARRANGEMENT: Arrangement = { pinned: [], excluded: [], added: [], order: [], sections: {} };

export function isEmptyArrangement(arrangement: Arrangement): boolean {
  return (
    namesIn(arrangement).length === 0 && arrangement.introduction === undefined && arrangement.subject === undefined
  );
}

/** Every post that is named, once. */
export function namesIn({ pinned, excluded, added, order, sections }: Arrangement): readonly string[] {
  return [...new Set([...pinned, ...excluded, ...added, ...order, ...Object.keys(sections)])];
}

/** The section a post is moved to; `undefined` when it stays in its own. */
export function movedTo({ sections }: Pick<Arrangement, 'sections'>, id: string): string | undefined {
  return Object.hasOwn(sections, id) ? sections[id] : undefined;
}

/** The text for a reader's language (rule: language); one text for all is in the newsletter's. A blank one is none. */
export function textFor(
  text: TextByLanguage | undefined,
  language: string,
  otherwise: string,
): TextInLanguage | undefined {
  return textInLanguage(typeof text === 'string' ? { [otherwise]: text } : (text ?? {}), language, otherwise);
}
