/** The subject line: the newsletter's own template when it has one, else as composed; one line, never a reply's (standards B7, A15). */
import type { Segments } from '../domain/edition.js';
import type { RenderInput, Words } from '../domain/ports.js';
import { isolated } from './direction.js';
import { cleanText } from './markup.js';
import { Placeholders } from './placeholders.js';
import { compileTemplates, type Job, type TemplateSet, type Vocabulary } from './template.js';

const REPLY = /^\s*(?:re|fwd?|aw|wg|sv|vs|tr)\s*:/i;

/** Subject templates, compiled once each. */
export class Subjects {
  readonly #compiled = new Map<string, TemplateSet<Job>>();

  /** The subject of an edition. Throws `theme.invalid` when the newsletter's template is wrong. */
  render(input: RenderInput, words: Words, nonce: string): Segments {
    const { newsletter } = input;
    const placeholders = new Placeholders(nonce);
    const text =
      newsletter.subject === undefined ? input.subject : this.#fill(newsletter.subject, input, words, placeholders);
    const line = cleanText(text).replace(/\s+/g, ' ').trim();
    return placeholders.segmentsFrom(REPLY.test(line) ? `${cleanText(newsletter.title)}: ${line}` : line, 'header');
  }

  #fill(template: string, input: RenderInput, words: Words, placeholders: Placeholders): string {
    const shown = `newsletters/${input.newsletter.id}.yaml, subject`;
    const key = `${shown}\0${template}`;
    const compiled =
      this.#compiled.get(key) ??
      compileTemplates({ shown, text: template, partials: new Map(), vocabulary: SUBJECT_VOCABULARY, escape: 'none' });
    this.#compiled.set(key, compiled);
    return compiled.render(subjectView(input, words), { placeholders });
  }
}

const SUBJECT_VOCABULARY: Vocabulary<Job> = {
  eq: ([one, other]) => one === other,
  gt: ([one, other]) => Number(one) > Number(other),
};

function subjectView({ newsletter, issue, digest, language }: RenderInput, { direction }: Words): object {
  const posts = digest.sections.flatMap((section) => section.posts);
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: newsletter.timezone });
  return {
    newsletter: { title: newsletter.title },
    issue: { number: issue.number },
    firstTitle: isolated(posts[0]?.title ?? newsletter.title, direction),
    count: posts.length,
    more: Math.max(0, posts.length - 1),
    date: date.format(issue.date),
  };
}
