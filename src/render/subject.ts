/** The subject line: the newsletter's own template when it has one, else as composed; one line, never a reply's (RFC 5322 §2.2, Gmail sender guidelines). */

import { isolated, withBalancedBidi, withoutBidiControls } from '../domain/direction.js';
import type { Segments } from '../domain/edition.js';
import type { Messages, RenderInput } from '../domain/ports/content.js';
import { cleanText } from './markup.js';
import { openPlaceholders, type Placeholders } from './placeholders.js';
import { compileTemplates, type Job, type TemplateSet, type Vocabulary } from './template.js';

/** How answers and forwarded mails begin, in several languages. */
export const REPLY = /^\s*(?:re|fwd?|aw|wg|sv|vs|tr)\s*:/i;

export interface Subjects {
  /** The subject of an edition. Throws `theme.invalid` when the newsletter's template is wrong. */
  render(input: RenderInput, messages: Messages, nonce: string): Segments;
}

/** Subject templates, each compiled once. */
export function openSubjects(): Subjects {
  const compiled = new Map<string, TemplateSet<Job>>();

  function fill(template: string, input: RenderInput, messages: Messages, placeholders: Placeholders): string {
    const shown = `newsletters/${input.newsletter.id}.yaml, subject`;
    const key = `${shown}\0${template}`;
    const set = compiled.get(key) ?? compileSubject(shown, template);
    compiled.set(key, set);
    return set.render(subjectView(input, messages), { placeholders });
  }

  return {
    render(input, messages, nonce) {
      const { newsletter } = input;
      const placeholders = openPlaceholders(nonce);
      const own = newsletter.subject;
      const text = own === undefined ? input.subject : fill(own, input, messages, placeholders);
      const line = withBalancedBidi(cleanText(text).replace(/\s+/g, ' ').trim());
      return placeholders.segmentsFrom(REPLY.test(line) ? `${cleanText(newsletter.title)}: ${line}` : line, 'header');
    },
  };
}

function compileSubject(shown: string, text: string): TemplateSet<Job> {
  return compileTemplates({ shown, text, partials: new Map(), vocabulary: SUBJECT_VOCABULARY, escape: 'none' });
}

const SUBJECT_VOCABULARY: Vocabulary<Job> = {
  eq: ([one, other]) => one === other,
  gt: ([one, other]) => Number(one) > Number(other),
};

function subjectView({ newsletter, issue, digest, language }: RenderInput, { direction }: Messages): object {
  const posts = digest.sections.flatMap((section) => section.posts);
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: newsletter.timezone });
  return {
    newsletter: { title: newsletter.title },
    issue: { number: issue.number },
    firstTitle: isolated(withoutBidiControls(posts[0]?.title ?? newsletter.title), direction),
    count: posts.length,
    more: Math.max(0, posts.length - 1),
    date: date.format(issue.date),
  };
}
