/** A rich issue to print: pictures, code, tables, several scripts, and posts that are nothing but trouble. */
import { fileURLToPath } from 'node:url';
import type { DigestPost, Section } from '../../src/domain/digest.js';
import type { MergeValues } from '../../src/domain/edition.js';
import type { Html, HtmlElement } from '../../src/domain/html.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { RenderInput } from '../../src/domain/ports/content.js';
import { localFiles } from '../../src/platform/files.js';
import { openRenderer, openTemplateFiles, type ThemeRenderers } from '../../src/render/index.js';
import { aNewsletter } from './builders.js';

export const TEMPLATES = fileURLToPath(new URL('../../templates', import.meta.url));

/** The shop over the templates of the package; a folder given goes before them. */
export function testThemeRenderers(...before: readonly string[]): ThemeRenderers {
  return openRenderer({ templates: openTemplateFiles({ files: localFiles(), folders: [...before, TEMPLATES] }) });
}

export function el(tagName: string, ...children: readonly (HtmlElement | string)[]): HtmlElement {
  return elWith(tagName, {}, ...children);
}

export function elWith(
  tagName: string,
  properties: HtmlElement['properties'],
  ...children: readonly (HtmlElement | string)[]
): HtmlElement {
  const nodes: Html = children.map((child) => (typeof child === 'string' ? { type: 'text', value: child } : child));
  return { type: 'element', tagName, properties, children: nodes };
}

export const READER: MergeValues = {
  name: 'Ada',
  address: 'ada@example.org',
  unsubscribeUrl: 'https://news.example.org/u/1a2b3c?k=1&s=2',
  preferencesUrl: 'https://news.example.org/p/1a2b3c',
  webUrl: 'https://news.example.org/issues/weekly/24',
};

let serial = 0;

export function aDigestPost(with_: Partial<DigestPost> = {}): DigestPost {
  serial += 1;
  const title = with_.title ?? `Post ${serial}`;
  return {
    uid: `uid-${serial}`,
    id: `post-${serial}`,
    title,
    url: `https://fourth-floor.example.org/post-${serial}/`,
    authors: [],
    publishedAt: new Date('2026-06-10T08:00:00Z'),
    categories: ['other'],
    excerpt: [el('p', `What ${title} is about.`)],
    continues: true,
    readingMinutes: 3,
    form: 'full',
    ...with_,
  };
}

export function aRenderInput(with_: Partial<RenderInput> = {}): RenderInput {
  return {
    newsletter: aRichNewsletter(),
    issue: { number: 24, date: new Date('2026-06-15T07:00:00Z') },
    digest: { sections: richSections(), carriedOver: 5 },
    language: 'en',
    subject: 'The baseline that breathed, and 8 more posts',
    preheader: 'Also in this issue: fast and small, a window-sill report and how we sent “Dear NAME”',
    ...with_,
  };
}

export function aRichNewsletter(with_: Partial<Newsletter> = {}): Newsletter {
  const titles = {
    instruments: 'Instruments',
    'machine-learning': 'Machine learning',
    software: 'Software',
    'lab-life': 'Lab life',
  };
  return aNewsletter({
    postalAddress: 'The Fourth Floor\n1 Example Street\nExampletown EX1 1EX\n',
    categories: Object.entries(titles).map(([key, title]) => ({ key, title: { en: title }, also: [] })),
    ...with_,
  });
}

const IMAGES = 'https://fourth-floor.example.org/images';

function richSections(): readonly Section[] {
  return [
    { key: 'instruments', title: 'Instruments', posts: [leadPost(), codePost(), titleOnly()] },
    { key: 'machine-learning', title: 'Machine learning', posts: [tablePost(), longTitle()] },
    { key: 'software', title: 'Software', posts: [japanesePost(), ...linkPosts()] },
    { key: 'other', title: 'Other', posts: [arabicPost(), emojiPost()] },
  ];
}

function leadPost(): DigestPost {
  return aDigestPost({
    uid: 'baseline',
    title: 'The baseline that breathed',
    url: 'https://fourth-floor.example.org/the-baseline-that-breathed/?utm=no&page=1',
    authors: ['Maren', 'Group Office'],
    categories: ['instruments', 'lab-life'],
    figure: {
      src: `${IMAGES}/baseline-drift.png`,
      alt: 'A chromatogram whose baseline rises and falls every six minutes',
      caption: [{ type: 'text', value: 'Three nights of the empty column, laid over one another.' }],
      width: 1200,
      height: 675,
    },
    excerpt: [
      el(
        'p',
        'For three weeks our baseline ',
        el('em', 'breathed'),
        ': up, down, every six minutes, all night. We changed the lamp, the pump seals and the solvent, in that order, and learned nothing at all.',
      ),
      el(
        'p',
        'Then somebody opened the window. ',
        elWith('a', { href: 'https://fourth-floor.example.org/air/' }, 'The air conditioning log'),
        ' had the same six minutes in it.',
      ),
    ],
    readingMinutes: 7,
  });
}

function codePost(): DigestPost {
  const code =
    'import pandas as pd\n\nframe = pd.read_csv("run.csv", parse_dates=["t"])\nframe["drift_mAU"] = frame["signal_mAU"].rolling("6min").median()  # a long line that has to wrap on a phone';
  return aDigestPost({
    title: 'Put the unit in the name: drift_mAU',
    titleHtml: [{ type: 'text', value: 'Put the unit in the name: ' }, el('code', 'drift_mAU')],
    authors: ['Tomás'],
    categories: ['instruments', 'software'],
    excerpt: [
      el('p', 'A column called ', el('code', 'drift'), ' cost us an afternoon.'),
      el('pre', elWith('code', {}, code)),
      el('ul', el('li', 'Seconds or minutes?'), el('li', 'mAU or AU?')),
    ],
    readingMinutes: 4,
  });
}

function titleOnly(): DigestPost {
  return aDigestPost({
    title: 'A week of deleting',
    excerpt: [],
    continues: false,
    readingMinutes: 0,
    categories: ['instruments'],
  });
}

function tablePost(): DigestPost {
  const row = (tag: string, ...cells: readonly string[]): HtmlElement =>
    el('tr', ...cells.map((cell) => el(tag, cell)));
  return aDigestPost({
    title: 'Fast & small: a model you can run on the train',
    authors: ['Nadia', 'Jonas', 'Maren'],
    categories: ['machine-learning'],
    excerpt: [
      el(
        'p',
        'We squeezed the retention-time model until it fitted a laptop without a fan. It is worse, but by how much?',
      ),
      el(
        'table',
        el('thead', row('th', 'Model', 'Size', 'Error (s)')),
        el('tbody', row('td', 'Large', '1.2 GB', '4.1'), row('td', 'Small', '38 MB', '4.6')),
      ),
    ],
  });
}

function longTitle(): DigestPost {
  return aDigestPost({
    title:
      'Both numbers were right: what two honest people measured when they measured the same solvent on the same instrument in the same week, and <why> "it" didn\'t matter',
    authors: ['Group Office'],
    excerpt: [
      el('blockquote', el('p', 'We agreed to disagree by 0.3 %.')),
      el('p', 'A long title, and a short story: we calibrated against different bottles.'),
    ],
    readingMinutes: 12,
  });
}

function japanesePost(): DigestPost {
  return aDigestPost({
    title: 'ゆっくり冷やす:結晶が教えてくれたこと',
    language: 'ja',
    authors: ['高橋'],
    categories: ['software'],
    excerpt: [
      el(
        'p',
        '結晶は急いで作るものではありません。今週は、冷却速度を一時間に一度まで落とすと何が起こるかを調べました。「待つこと」も実験の一部です。',
      ),
    ],
    readingMinutes: 5,
  });
}

function linkPosts(): readonly DigestPost[] {
  return [
    aDigestPost({ title: 'Canonical is a dialect', form: 'link', excerpt: [] }),
    aDigestPost({
      title: 'Dear NAME',
      titleHtml: [{ type: 'text', value: 'Dear ' }, el('code', 'NAME')],
      form: 'link',
      excerpt: [],
    }),
  ];
}

function arabicPost(): DigestPost {
  return aDigestPost({
    title: 'شاي الخميس: لماذا نتوقف عن العمل ساعةً كل أسبوع',
    language: 'ar',
    authors: ['ليلى'],
    excerpt: [
      el(
        'p',
        'كل يوم خميس، عند الرابعة، نترك الأجهزة ونشرب الشاي معًا. اكتشفنا أن أفضل أفكار هذا العام بدأت عند ',
        el('code', 'kettle.local'),
        ' لا عند المجهر.',
      ),
    ],
    readingMinutes: 2,
  });
}

function emojiPost(): DigestPost {
  return aDigestPost({
    title: 'Cake until Thursday 🎂',
    categories: ['other'],
    figure: {
      src: `${IMAGES}/cake.jpg`,
      alt: 'A cake on a bench scale; the display says 1.204 kg',
      width: 320,
      height: 240,
    },
    excerpt: [el('p', 'The kitchen will hold out until Thursday 👩🏽‍🔬.')],
    continues: false,
    readingMinutes: 1,
  });
}

/** The rich issue as a newsletter in another language prints it. */
export function aRichIssueIn(language: string, theme: string): RenderInput {
  // Whatever was built before, it is the same issue.
  serial = 0;
  const newsletter = aRichNewsletter({ theme, language, ...TITLES[language] });
  return aRenderInput({ newsletter, language, ...HEADS[language] });
}

const TITLES: { readonly [language: string]: Partial<Newsletter> } = {
  de: { title: 'Nachrichten aus dem vierten Stock' },
  ja: { title: '四階だより' },
  ar: { title: 'أخبار الطابق الرابع' },
};

const HEADS: { readonly [language: string]: Pick<RenderInput, 'subject' | 'preheader'> } = {
  de: {
    subject: 'The baseline that breathed und 9 weitere Beiträge',
    preheader: 'Außerdem in dieser Ausgabe: Fast & small, ゆっくり冷やす',
  },
  ja: { subject: 'ゆっくり冷やす ほか9件', preheader: '今号の記事:ゆっくり冷やす、Fast & small' },
  ar: { subject: 'شاي الخميس و٩ مقالات أخرى', preheader: 'في هذا العدد أيضًا: شاي الخميس' },
};
