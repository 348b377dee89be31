/** The subject and preheader an edition has where the editor wrote none: made from its posts. Pure. */
import type { Digest, DigestPost } from '../domain/digest.js';
import { isolated, withoutBidiControls } from '../domain/direction.js';
import { textOf } from '../domain/html.js';
import type { Messages } from '../domain/ports/content.js';
import { cutHtml } from './cut-html.js';

const SUBJECT_CHARS = 110;
const PREHEADER_CHARS = 100;
/** UTF-16 units of a character, with its marks and joiners; rarely more. */
const USUAL_UNITS_A_COLUMN = 2;

export interface Headline {
  readonly subject: string;
  readonly preheader: string;
}

/**
 * The first post leads; the preheader names the ones after it, so that it repeats nothing. A single post continues there.
 * @param own the editor's subject, where there is one: the preheader then names every post
 */
export function headlineFrom(digest: Digest, messages: Messages, own?: string): Headline {
  const posts = digest.sections.flatMap((section) => section.posts);
  const titles = posts.map(({ title }) => isolated(withoutBidiControls(title), messages.direction));
  const [first = '', ...rest] = titles;
  const title = shortened(first, messages, SUBJECT_CHARS);
  const subject =
    own ??
    (rest.length === 0
      ? messages.say('subject.one', { title })
      : messages.say('subject.more', { title, count: rest.length }));
  const named = own === undefined ? rest : titles;
  const [only] = posts;
  const beside = named.length > 0 ? named.join(' · ') : only ? openingOf(only, messages) : '';
  return { subject, preheader: shortened(beside, messages, PREHEADER_CHARS) };
}

/** The beginning of a post's excerpt. */
function openingOf({ excerpt }: DigestPost, messages: Messages): string {
  const text = excerpt
    .map((block) => textOf([block]))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (text === '') return messages.say('issue.count', { count: 1 });
  return isolated(withoutBidiControls(text), messages.direction);
}

function shortened(text: string, messages: Messages, columns: number): string {
  // The titles of a long issue have thousands of characters; what is far behind the end is not looked at.
  const begun = text.slice(0, columns * USUAL_UNITS_A_COLUMN);
  const short = cutText(begun, messages, columns);
  const cut = short === begun && begun.length < text.length ? cutText(text, messages, columns) : short;
  return cut.lastIndexOf(ISOLATE) > cut.lastIndexOf(END_ISOLATE) ? `${cut}${END_ISOLATE}` : cut;
}

/** Editions of an issue often begin alike: what was cut lately is not cut again. */
const lately = new Map<string, string>();
const MOST_KEPT = 500;

function cutText(text: string, { language }: Messages, columns: number): string {
  const key = `${language} ${columns} ${text}`;
  const known = lately.get(key);
  if (known !== undefined) return known;
  const [cut] = cutHtml([{ type: 'text', value: text }], columns, language);
  const short = cut?.type === 'text' ? cut.value : text;
  if (lately.size >= MOST_KEPT) lately.clear();
  lately.set(key, short);
  return short;
}

const ISOLATE = '\u2068';
const END_ISOLATE = '\u2069';
