/** What a mail weighs against what clients cut off (laws §1.8, standards J1, J3). */
import { type Finding, findingOf } from '../domain/finding.js';
import type { ReadMail } from './check-mail.js';
import { MOST_STYLE } from './guard-mail.js';
import { CLIP_BYTES, measureMail } from './measure.js';

export function checkSize({ edition, markup, places }: ReadMail): readonly Finding[] {
  const findings: Finding[] = [];
  const { counted } = measureMail(edition.mail);
  if (counted >= CLIP_BYTES) {
    findings.push(
      findingOf('size.clip', {
        message: `The HTML is ${kilobytes(counted)} kB, even shortened: above ${kilobytes(CLIP_BYTES)} kB Gmail clips it.`,
        mend: 'Lower maxPosts, or make the template smaller.',
        where: places.setting('maxPosts'),
      }),
    );
  }
  if (markup.styleChars >= MOST_STYLE) {
    findings.push(
      findingOf('style.too-long', {
        message: `The styles are ${markup.styleChars} characters long; from ${MOST_STYLE} on Gmail drops them.`,
        mend: 'Take rules out of <mj-style>.',
        where: places.html,
      }),
    );
  }
  return findings;
}

function kilobytes(bytes: number): number {
  return Math.round(bytes / 1000);
}
