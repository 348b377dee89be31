/** A good mail to be checked: a test spoils one thing of it. */
import { type DigestPost, NOT_SHORTENED } from '../../src/domain/digest.js';
import type { Edition, RenderedMail, Segments } from '../../src/domain/edition.js';
import type { Finding } from '../../src/domain/finding.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { RenderInput } from '../../src/domain/ports/content.js';
import { checkMail } from '../../src/render/check-mail.js';
import type { ThemeRenderers } from '../../src/render/index.js';
import { aNewsletter } from './builders.js';
import { aDigestPost } from './render-fixtures.js';

export interface MailWishes {
  /** Markup before the footer of the HTML. */
  readonly body?: string;
  /** In place of the attributes of html and the first element of body. */
  readonly root?: string;
  readonly head?: string;
  /** In place of what stands between the title of the mail and `body`. */
  readonly headings?: string;
  readonly footer?: Segments;
  /** Lines of the text part, after the titles of the posts. */
  readonly textLines?: string;
  readonly text?: Segments;
  readonly subject?: string;
  readonly preheader?: string;
  readonly posts?: readonly Partial<DigestPost>[];
  readonly newsletter?: Partial<Newsletter>;
}

const UNSUBSCRIBE = { kind: 'hole', part: 'unsubscribeUrl', context: 'html' } as const;

/** What the check says about a mail that is good but for what a test wishes. */
export function findingsOf(wishes: MailWishes): readonly Finding[] {
  const newsletter = aNewsletter(wishes.newsletter);
  const posts = (wishes.posts ?? []).map((post) => aDigestPost(post));
  return checkMail({
    edition: editionWith(mailWith(wishes, newsletter, posts), posts),
    newsletter,
    width: 600,
    places: {
      html: 'mine/issue.mjml.hbs',
      text: 'mine/issue.txt.hbs',
      post: ({ id }) => `posts/${id}.md`,
      setting: (key) => `weekly.yaml, ${key}`,
    },
  });
}

/** The same, its codes alone. */
export function codesOf(wishes: MailWishes): readonly string[] {
  return findingsOf(wishes).map(({ code }) => code);
}

function mailWith(wishes: MailWishes, newsletter: Newsletter, posts: readonly DigestPost[]): RenderedMail {
  const { root = 'lang="en" dir="ltr"', head = '', body = '', headings = '<h1>Notes</h1>' } = wishes;
  const address = newsletter.postalAddress ?? '';
  const links = posts
    .map(({ url, title }) => (url === undefined ? '' : `<p><a href="${url}">${title}</a></p>`))
    .join('');
  const htmlFooter: Segments = wishes.footer ?? ['<p><a href="', UNSUBSCRIBE, `">Unsubscribe</a> ${address}</p>`];
  const titles = posts.map(({ title, url = '' }) => `${title}\n${url}\n`).join('');
  return {
    subject: [wishes.subject ?? 'The baseline that breathed'],
    preheader: wishes.preheader ?? 'Also: cake until Thursday',
    html: [
      `<html ${root}><head>${head}</head><body><div ${root}>${headings}${links}${body}`,
      ...htmlFooter,
      '</div></body></html>',
    ],
    text: wishes.text ?? [
      `${titles}${wishes.textLines ?? ''}\n`,
      { ...UNSUBSCRIBE, context: 'text' },
      `\n${address}\n`,
    ],
  };
}

function editionWith(mail: RenderedMail, posts: readonly DigestPost[]): Edition {
  const sections = [{ key: 'other', title: 'Other', posts }];
  return { key: 'an-edition', language: 'en', direction: 'ltr', sections, mail, clip: NOT_SHORTENED };
}

/** What a shop says about a mail it printed. */
export function findingsIn(
  themes: ThemeRenderers,
  mail: RenderedMail,
  input: RenderInput,
): Promise<readonly Finding[]> {
  const { digest, newsletter, language } = input;
  const edition = { ...editionWith(mail, []), language, sections: digest.sections };
  return themes.checks.edition(edition, newsletter, { post: ({ id }) => id, setting: (key) => key });
}
