/** Checks that the text part says what the HTML says, and that both have what is required (RFC 8058, RFC 2046 §5.1.4). */
import { type Finding, findingOf } from '../domain/finding.js';
import { absoluteHref } from './link.js';
import { LONGEST_VALUES } from './measure.js';
import type { ReadMail } from './read-mail.js';

/** What the text of a whole mail lacks: everything, or what every mail must have. */
export function checkWholeText(mail: ReadMail): readonly Finding[] {
  const { text, places } = mail;
  if (text.trim() !== '') return [...checkUnsubscribe(mail), ...checkAddress(mail)];
  const message = 'The text part is empty.';
  return [findingOf('text.empty', { message, fix: 'Write the issue in it as well.', where: places.text })];
}

/** What the HTML says and the text does not. */
export function checkSameText(mail: ReadMail): readonly Finding[] {
  return mail.text.trim() === '' ? [] : [...missingPosts(mail), ...missingLinks(mail)];
}

function missingPosts({ posts, text, places }: ReadMail): readonly Finding[] {
  const all = squeezed(text);
  return posts
    .filter(({ title }) => !all.includes(squeezed(title)))
    .map(({ title, id }) =>
      findingOf('text.missing-post', {
        message: `The text part says nothing of “${title}”.`,
        fix: 'Let the template of the text list every post, the title links among them.',
        where: places.text,
        post: id,
      }),
    );
}

function missingLinks({ markup, text, places }: ReadMail): readonly Finding[] {
  const all = squeezed(text);
  const targets = new Set(markup.links.flatMap(({ href }) => absoluteHref(href) ?? []));
  return [...targets]
    .filter((href) => !all.includes(squeezed(href.replace(/^mailto:/i, ''))))
    .map((href) =>
      findingOf('text.missing-link', {
        message: `The text part has no link to ${href}, which the HTML has.`,
        fix: 'Write the address out in the template of the text.',
        where: places.text,
      }),
    );
}

function checkUnsubscribe({ html, text, places }: ReadMail): readonly Finding[] {
  const parts = [
    { name: 'HTML', content: html, where: places.html },
    { name: 'text', content: text, where: places.text },
  ];
  return parts
    .filter(({ content }) => !content.includes(LONGEST_VALUES.unsubscribeUrl))
    .map(({ name, where }) =>
      findingOf('unsubscribe.missing', {
        message: `The ${name} part has no unsubscribe link.`,
        fix: 'Put {{reader.unsubscribeUrl}} into its footer.',
        where,
      }),
    );
}

function checkAddress({ newsletter, markup, text, places }: ReadMail): readonly Finding[] {
  const { postalAddress } = newsletter;
  if (postalAddress === undefined) return [];
  const lines = postalAddress.split(/[\n,]/).map(squeezed);
  const parts = [
    { name: 'HTML', content: squeezed(markup.text), where: places.html },
    { name: 'text', content: squeezed(text), where: places.text },
  ];
  return parts
    .filter(({ content }) => !lines.every((line) => content.includes(line)))
    .map(({ name, where }) =>
      findingOf('address.missing', {
        message: `The ${name} part does not show the postal address.`,
        fix: 'Put newsletter.addressLines into its footer.',
        where,
      }),
    );
}

/** Without what wrapping adds and takes away: white space, isolates and soft hyphens. */
function squeezed(text: string): string {
  return text.replace(/[\s\u00ad\u200e\u200f\u2066-\u2069]+/gu, '');
}
