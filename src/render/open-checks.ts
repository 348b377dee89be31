/** Opens the checks of editions, themes and samples. */
import { NOT_SHORTENED } from '../domain/digest.js';
import type { Edition } from '../domain/edition.js';
import type { Finding } from '../domain/finding.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Checks, EditionPlaces, Messages, RenderInput } from '../domain/ports/content.js';
import { type SharingTools, sharingFindings } from './check-sharing.js';
import { contrastFindings } from './contrast.js';
import type { CheckedMail } from './read-mail.js';
import { sampleIssueOf, sampleIssues } from './sample-issue.js';
import type { ThemeFiles } from './theme.js';

export type MailChecks = Pick<Checks, 'edition' | 'addresses' | 'theme' | 'sample'>;

export interface CheckTools extends SharingTools {
  themeOf(name: string): Promise<ThemeFiles>;
  messages(language: string): Promise<Messages>;
}

export function openChecks({ themeOf, messages, render, isSharing }: CheckTools): MailChecks {
  const checked = async (edition: Edition, newsletter: Newsletter, where: EditionPlaces): Promise<CheckedMail> => {
    const theme = await themeOf(newsletter.theme);
    const places = { ...where, html: theme.html.shown, text: theme.text.shown };
    return { edition, newsletter, width: theme.look.width, places };
  };
  // A parser of HTML is loaded with the first mail that is looked at closely.
  const edition: MailChecks['edition'] = async (...about) =>
    (await import('./check-mail.js')).checkMail(await checked(...about));

  const rendered = async (input: RenderInput): Promise<Edition> => {
    const { digest, language } = input;
    const { direction } = await messages(language);
    return {
      key: 'sample',
      language,
      direction,
      sections: digest.sections,
      mail: await render(input),
      clip: NOT_SHORTENED,
    };
  };

  return {
    edition,
    addresses: async (...about) => (await import('./check-mail.js')).addressesOfMail(await checked(...about)),
    sample: (newsletter) => rendered(sampleIssueOf(newsletter)),
    async theme(name) {
      const theme = await themeOf(name);
      const where = { post: () => theme.html.shown, setting: () => theme.shown };
      const findings = new Map<string, Finding>();
      for (const sample of sampleIssues(name)) {
        for (const finding of await edition(await rendered(sample), sample.newsletter, where))
          findings.set(`${finding.code} ${finding.message}`, finding);
      }
      return [
        ...contrastFindings(theme.look, theme.shown),
        ...findings.values(),
        ...(await sharingFindings(name, { render, isSharing })),
      ];
    },
  };
}
