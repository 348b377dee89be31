/** What a mail weighs against what clients cut off (rule: clip). */
import { type Finding, findingOf } from '../domain/finding.js';

import { withoutBetween } from '../domain/trim.js';

import { MOST_STYLE } from './guard-mail.js';
import { CLIP_BYTES, measureMail } from './measure.js';
import type { ReadMail } from './read-mail.js';

/** What the whole weighs, from the sum of its parts. */
export function checkSize({ edition, places }: Pick<ReadMail, 'edition' | 'places'>): readonly Finding[] {
  const { counted } = measureMail(edition.mail);
  if (counted < CLIP_BYTES) return [];
  return [
    findingOf('size.clip', {
      message: `The HTML is ${kilobytes(counted)} kB, even shortened: above ${kilobytes(CLIP_BYTES)} kB Gmail clips it.`,
      fix: 'Lower maxPosts, or make the template smaller.',
      where: places.setting('maxPosts'),
    }),
  ];
}

/** Style sheets that Gmail drops. */
export function checkStyles({ markup, places }: ReadMail): readonly Finding[] {
  const findings: Finding[] = [];
  const styleChars = markup.styles.reduce((sum, { length }) => sum + length, 0);
  if (styleChars >= MOST_STYLE) {
    findings.push(
      findingOf('style.too-long', {
        message: `The styles are ${styleChars} characters long; from ${MOST_STYLE} on Gmail drops them.`,
        fix: 'Take rules out of <mj-style>.',
        where: places.html,
      }),
    );
  }
  const nested = markup.styles.flatMap((css) => nestedRule(css) ?? [])[0];
  if (nested !== undefined) {
    findings.push(
      findingOf('style.nested', {
        message: `${nested} is inside another at-rule, for which Gmail drops the whole style sheet.`,
        fix: 'Write it beside the other.',
        where: places.html,
      }),
    );
  }
  return findings;
}

/** The first at-rule inside another one. */
function nestedRule(css: string): string | undefined {
  const open: boolean[] = [];
  let rule = '';
  for (const [token] of withoutBetween(css, '/*', '*/').matchAll(/@[\w-]+|"[^"]*"|'[^']*'|[{};]/g)) {
    if (token.startsWith('@')) {
      if (open.includes(true)) return token;
      rule = token;
    } else if (token === '{') {
      open.push(rule !== '');
      rule = '';
    } else if (token === '}') open.pop();
    else if (token === ';') rule = '';
  }
  return undefined;
}

function kilobytes(bytes: number): number {
  return Math.round(bytes / 1000);
}
