/** The oracle of the rule `pieces`: what splicing gives is what rendering everything at once gives. */
import { expect } from 'vitest';
import { fillSegments, type RenderedMail } from '../../src/domain/edition.js';
import type { RandomIssue } from './random-editions.js';
import { READER, testThemeRenderers } from './render-fixtures.js';

const themes = testThemeRenderers();

/** Renders the editions of an issue one after another, and each of them by itself. */
export async function expectSplicedAsWhole({ editions }: RandomIssue): Promise<void> {
  const issue = {};
  const spliced: RenderedMail[] = [];
  for (const edition of editions) spliced.push(await themes.render(edition, issue));
  for (const [index, edition] of editions.entries()) {
    const whole = await themes.render(edition, {}, { isWhole: true });
    expect(filled(spliced[index] as RenderedMail)).toEqual(filled(whole));
  }
}

function filled({ subject, preheader, html, text }: RenderedMail) {
  const [subjectLine, page, plain] = [subject, html, text].map((part) => fillSegments(part, READER));
  return { subjectLine, preheader, page, plain };
}
