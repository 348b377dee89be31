/** Headings, language and direction: what a screen reader goes by. */
import { type Finding, findingOf } from '../domain/finding.js';
import type { ReadMail } from './read-mail.js';

/** The headings of a whole mail, in order. */
export function checkHeadings(headings: ReadMail['markup']['headings'], where: string): readonly Finding[] {
  const findings: Finding[] = [];
  const ones = headings.filter(({ level }) => level === 1).length;
  if (ones !== 1) {
    findings.push(
      findingOf('heading.first', {
        message: `There are ${ones} first-level headings; a mail has one.`,
        fix: 'Make the title of the mail its only <h1>.',
        where,
      }),
    );
  }
  for (const [index, { level, text }] of headings.entries()) {
    const before = headings[index - 1]?.level ?? 0;
    if (level <= before + 1) continue;
    findings.push(
      findingOf('heading.jump', {
        message: `The heading “${text}” is of level ${level} and follows one of level ${before}.`,
        fix: `Make it an <h${before + 1}>.`,
        where,
      }),
    );
    break;
  }
  return findings;
}

/** The language and direction of a page. */
export function checkRoots({ markup: { roots }, places: { html: where } }: ReadMail): readonly Finding[] {
  return roots.flatMap(({ name, language, direction }) => {
    const hasLanguage = language !== undefined && /^[a-z]{2,}/i.test(language) && language !== 'und';
    if (hasLanguage && (direction === 'ltr' || direction === 'rtl')) return [];
    return [
      findingOf('language.missing', {
        message: `${name} has no ${hasLanguage ? 'dir' : 'lang'}, so a screen reader may read it in the wrong voice.`,
        fix: 'Write <mjml lang="{{language}}" dir="{{direction}}">.',
        where,
      }),
    ];
  });
}
