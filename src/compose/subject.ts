/** The subject and preheader an edition has where the editor wrote none: made from its posts. Pure. */
import type { Digest, DigestPost } from '../domain/digest.js';
import { isolated, withoutBidiControls } from '../domain/direction.js';
import { textOf } from '../domain/html.js';
import type { Messages } from '../domain/ports/content.js';
import { cutHtml } from './cut-html.js';

const SUBJECT_CHARS = 110;
const PREHEADER_CHARS = 100;

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
  const [cut] = cutHtml([{ type: 'text', value: text }], columns, messages.language);
  const short = cut?.type === 'text' ? cut.value : text;
  return short.lastIndexOf(ISOLATE) > short.lastIndexOf(END_ISOLATE) ? `${short}${END_ISOLATE}` : short;
}

const ISOLATE = '\u2068';
const END_ISOLATE = '\u2069';
