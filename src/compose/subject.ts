/** The subject and preheader an edition has where the editor wrote none: made from its posts. Pure. */
import type { Digest } from '../domain/digest.js';
import type { Messages } from '../domain/ports/content.js';
import { cutHtml } from './cut-html.js';

const SUBJECT_CHARS = 110;
const PREHEADER_CHARS = 100;

export interface Headline {
  readonly subject: string;
  readonly preheader: string;
}

/**
 * The first post leads; the preheader names the ones after it, so that it repeats nothing.
 * @param own the editor's subject, where there is one: the preheader then names every post
 */
export function headlineFrom(digest: Digest, messages: Messages, own?: string): Headline {
  const titles = digest.sections.flatMap(({ posts }) => posts.map(({ title }) => isolated(title, messages)));
  if (own !== undefined) return { subject: own, preheader: shortened(titles.join(' · '), messages, PREHEADER_CHARS) };
  const [first = '', ...rest] = titles;
  const more = rest.length;
  const subject =
    more === 0
      ? messages.say('subject.one', { title: first })
      : messages.say('subject.more', { title: shortened(first, messages), count: more });
  const preheader =
    more === 0
      ? digest.sections.map(({ title }) => title).join(', ')
      : shortened(rest.join(' · '), messages, PREHEADER_CHARS);
  return { subject, preheader };
}

function shortened(text: string, messages: Messages, columns = SUBJECT_CHARS): string {
  const [cut] = cutHtml([{ type: 'text', value: text }], columns, messages.language);
  const short = cut?.type === 'text' ? cut.value : text;
  return short.lastIndexOf(ISOLATE) > short.lastIndexOf(END_ISOLATE) ? `${short}${END_ISOLATE}` : short;
}

const ISOLATE = '\u2068';
const END_ISOLATE = '\u2069';
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;

/** A title of the other direction must not reorder the words around it: Unicode isolates. */
function isolated(title: string, messages: Messages): string {
  const isOther = RIGHT_TO_LEFT.test(title) !== (messages.direction === 'rtl');
  return isOther ? `${ISOLATE}${title}${END_ISOLATE}` : title;
}
