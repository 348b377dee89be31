/** Checks that the editions of an issue may share what a theme prints, and that they are the same as printed whole (rule: pieces). */
import { fillSegments, type RenderedMail } from '../domain/edition.js';
import { type Finding, findingOf } from '../domain/finding.js';
import type { Renderer } from '../domain/ports/content.js';
import { LONGEST_VALUES } from './measure.js';
import { sampleIssues } from './sample-issue.js';

export interface SharingTools {
  readonly render: Renderer['render'];
  /** Whether the editions of an issue that were rendered in a language could share parts. */
  isSharing(issue: object, language: string): Promise<boolean>;
}

/** What is wrong with how a theme's editions are put together; empty where they share their sections. */
export async function sharingFindings(theme: string, { render, isSharing }: SharingTools): Promise<readonly Finding[]> {
  const [sample] = sampleIssues(theme);
  if (!sample) return [];
  const editions = [0, 1].map((from) => ({
    ...sample,
    digest: { ...sample.digest, sections: sample.digest.sections.slice(from) },
  }));
  const issue = {};
  const mails: RenderedMail[] = [];
  for (const edition of editions) mails.push(await render(edition, issue));
  const whole = await Promise.all(editions.map((edition) => render(edition, {}, { isWhole: true })));
  const where = `templates/${theme}/issue.mjml.hbs`;
  const filled = ({ html, text }: RenderedMail) =>
    [html, text].map((part) => fillSegments(part, LONGEST_VALUES)).join();
  if (mails.some((mail, index) => filled(mail) !== filled(whole[index] as RenderedMail))) {
    const message = 'Sections look different when they are printed by themselves than among others.';
    const fix = 'Let a section’s partial hold whole sections, which do not depend on what is beside them.';
    return [findingOf('theme.spliced', { message, fix, where })];
  }
  if (await isSharing(issue, sample.language)) return [];
  const message = 'Editions share no sections, so an issue with many editions takes long to make.';
  const fix =
    'Print each section with a partial in mj-body or mj-wrapper that reads nothing of the mail but its section; see docs/themes.md.';
  return [findingOf('theme.unshared', { message, fix, where })];
}
