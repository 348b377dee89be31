/** Who a mail says it is from (Gmail sender guidelines): the name of a sender and nothing else, at a domain and a place of their own. */
import { type Finding, findingOf } from '../domain/finding.js';
import type { Newsletter } from '../domain/newsletter.js';

const FREE_MAIL = new Set(
  'gmail.com googlemail.com yahoo.com ymail.com aol.com hotmail.com outlook.com live.com icloud.com me.com gmx.de gmx.net web.de'.split(
    ' ',
  ),
);

const UNFIT: readonly (readonly [RegExp, string])[] = [
  [/[\p{Extended_Pictographic}✓✔☑]/u, 'has an emoji or a check mark in it, which looks like a badge of trust'],
  [/^\s*(?:re|fwd?|aw)\s*:/i, 'begins like an answer to a mail'],
  [/\(\d+\)\s*$/, 'ends in a number in brackets, which looks like a count of mails'],
  [/@/, 'has an address in it, which need not be the one the mail is from'],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  [/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/, 'has a control character in it'],
  [/[[\]{}|]/, 'has brackets in it: it is no place for a category'],
];

/** @param setting how a key of the newsletter's file is named to people */
export function checkSender(newsletter: Newsletter, setting: (key: string) => string): readonly Finding[] {
  return [...checkName(newsletter, setting('sender')), ...checkPostalAddress(newsletter, setting('postalAddress'))];
}

function checkPostalAddress({ postalAddress = '' }: Newsletter, where: string): readonly Finding[] {
  if (postalAddress.trim() !== '') return [];
  const message = 'The newsletter has no postal address, without which no issue is sent.';
  return [findingOf('address.missing', { message, fix: 'Write one as `postalAddress`.', where })];
}

function checkName({ sender: { name, address } }: Newsletter, where: string): readonly Finding[] {
  const findings = UNFIT.filter(([pattern]) => pattern.test(name)).map(([, why]) =>
    findingOf('sender.name', {
      message: `The sender's name “${name}” ${why}.`,
      fix: 'Write the name of the sender alone.',
      where,
    }),
  );
  if (name.trim() === '') {
    const message = `The sender has no name: mail clients show ${address}.`;
    findings.push(findingOf('sender.name', { message, fix: 'Give the sender a name.', where }));
  }
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  if (!FREE_MAIL.has(domain)) return findings;
  const message = `The sender's address is at ${domain}, whose owner allows no other service to send from it.`;
  return [...findings, findingOf('sender.free-mail', { message, fix: 'Send from your own domain.', where })];
}
