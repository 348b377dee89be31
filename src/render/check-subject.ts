/** The subject and the line shown beside it (Gmail sender guidelines, RFC 5322 §2.2). */
import { type Finding, findingOf } from '../domain/finding.js';
import type { ReadMail } from './read-mail.js';
import { REPLY } from './subject.js';

/** A phone shows about 40 characters; no client shows more than this. */
const LONG_SUBJECT = 150;
const LONG_PREHEADER = 100;
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const EMOJI = /\p{Extended_Pictographic}/gu;

export function checkSubject({
  subject,
  edition,
  places,
}: Pick<ReadMail, 'subject' | 'edition' | 'places'>): readonly Finding[] {
  const where = places.setting('subject');
  const found: readonly (readonly [boolean, Parameters<typeof findingOf>[0], string, string])[] = [
    [subject.trim() === '', 'subject.empty', 'The mail has no subject.', 'Write one, or leave `subject` out.'],
    [
      [...subject].length > LONG_SUBJECT,
      'subject.long',
      `The subject has ${[...subject].length} characters; mail clients show far fewer: “${subject}”.`,
      'Write a shorter one for this issue, or shorten the title of its first post.',
    ],
    [
      REPLY.test(subject),
      'subject.reply',
      `The subject “${subject}” looks like an answer to a mail, which filters take for fraud.`,
      'Begin it with another word.',
    ],
    [
      CONTROL.test(subject),
      'subject.control',
      'The subject has a control character in it.',
      'Write it again, without what was pasted in.',
    ],
    [
      isShouting(subject),
      'subject.shouting',
      `The subject “${subject}” shouts, which filters take for advertising.`,
      'Write it in small letters, with one mark of exclamation at most.',
    ],
    [
      (subject.match(EMOJI)?.length ?? 0) > 1,
      'subject.emoji',
      `The subject “${subject}” has several emoji in it.`,
      'Leave one, or none.',
    ],
  ];
  const findings = found.flatMap(([isWrong, code, message, fix]) =>
    isWrong ? [findingOf(code, { message, fix, where })] : [],
  );
  return [...findings, ...checkPreheader(edition.mail.preheader, where)];
}

function checkPreheader(preheader: string, where: string): readonly Finding[] {
  const { length } = [...preheader];
  if (length > LONG_PREHEADER) {
    const message = `The preheader has ${length} characters; mail clients show at most ${LONG_PREHEADER}.`;
    return [findingOf('preheader.long', { message, fix: 'Write a shorter one for this issue.', where })];
  }
  if (length > 0) return [];
  const message = 'The preheader is empty: mail clients show the first words of the mail instead.';
  return [findingOf('preheader.empty', { message, fix: 'Write one for this issue.', where })];
}

function isShouting(subject: string): boolean {
  const cased = [...subject].filter((character) => character.toLowerCase() !== character.toUpperCase());
  const isLoud = cased.length >= 12 && cased.every((character) => character === character.toUpperCase());
  return isLoud || (subject.match(/[!！]/g)?.length ?? 0) > 1;
}
