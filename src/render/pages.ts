/**
 * The public pages and the mails that ask for a confirmation, printed with a theme. What a theme has no file
 * for comes from `plain`. The same templates, escaping and strictness as mails; no script, and style from one file alone.
 */

import { createHash } from 'node:crypto';
import { basename, relative } from 'node:path';
import { directionOfLanguage, directionOfText, isolated } from '../domain/direction.js';
import { type Html, textOf } from '../domain/html.js';
import { isSameLanguage } from '../domain/language.js';
import type { NoticeMailRequest, PageRequest, PageView } from '../domain/page.js';
import type { Messages, Pages } from '../domain/ports/content.js';
import type { RunJob } from '../domain/ports/host.js';
import { shownDateOf } from '../domain/shown-date.js';
import { atomFeed } from './atom.js';
import { absoluteHref } from './link.js';
import { mailHtmlFrom } from './mail-html.js';
import { shortened } from './mail-view.js';
import { cleanText, Markup } from './markup.js';
import { messagesIn } from './messages.js';
import { htmlFromMjml } from './mjml.js';
import { lookOf } from './newsletter-look.js';
import { openPlaceholders } from './placeholders.js';
import { openReaderPages, ReaderText, ReaderTick } from './reader-pages.js';
import { type Block, compileTemplates, type TemplateHelper, type TemplateSet, type Vocabulary } from './template.js';
import type { TemplateFiles, TemplateState } from './template-files.js';
import { type ThemeLook, type ThemeText, themeIn, themeRoot } from './theme.js';
import { HTML_VOCABULARY, type MailJob, TEXT_VOCABULARY } from './vocabulary.js';

/** Whose files are used where a theme has none of its own. */
const FALLBACK = 'plain';
/** No text is put into a page through a placeholder, so the word need not be a secret. */
const NO_PLACEHOLDERS = 'gazettepage';

/** The pages over these templates. Where an edited file is broken, they are printed as before it was edited. */
export function pagesFrom(templates: TemplateFiles, runMjml?: RunJob): Pages {
  const page = (state: TemplateState) => async (request: PageRequest) => {
    const { newsletter, language, view } = request;
    const [theme, messages] = await Promise.all([filesOf(state, newsletter.theme), messagesIn(state, language)]);
    const template = await templateOf(state, newsletter.theme, `${view.kind}.html.hbs`, theme);
    const readerPages = await state.parsed('reader pages', openReaderPages);
    return readerPages.print(request, (shown) =>
      template.render(pageView(shown, messages), jobOf(messages, newsletter.timezone, theme.look)),
    );
  };

  const noticeMail = (state: TemplateState) => async (request: NoticeMailRequest) => {
    const { newsletter, language } = request;
    const [theme, messages] = await Promise.all([filesOf(state, newsletter.theme), messagesIn(state, language)]);
    const look = lookOf(theme.look, newsletter.look);
    const view = noticeView(request, messages, look);
    const job = () => jobOf(messages, newsletter.timezone, look);
    const html = await templateOf(state, newsletter.theme, 'confirm.mjml.hbs', theme);
    const text = await templateOf(state, newsletter.theme, 'confirm.txt.hbs', theme);
    return {
      subject: cleanText(String(view.subject)),
      html: await htmlFromMjml(html.render(view, job()), () => html.trace(view, job()), runMjml),
      text: `${text
        .render(view, job())
        .replace(/[ \t]+$/gm, '')
        .replace(/\n{3,}/g, '\n\n')
        .trim()}\n`,
    };
  };

  return {
    page: (request) => templates.lastGood((state) => page(state)(request)),
    noticeMail: (request) => templates.lastGood((state) => noticeMail(state)(request)),
    version: async () => (await templates.current()).version,
    feed: async (request) => atomFeed(request),
    style: (theme) => templates.lastGood(async (state) => (await filesOf(state, theme)).style),
  };
}

interface PageFiles {
  readonly look: ThemeLook;
  readonly texts: ReadonlyMap<string, ThemeText>;
  readonly style: { readonly css: string; readonly version: string };
}

function filesOf(state: TemplateState, theme: string): Promise<PageFiles> {
  return state.parsed(`pages ${theme}`, async () => {
    const { look } = await themeIn(state, theme);
    const texts = new Map<string, ThemeText>();
    const sheets: string[] = [];
    for (const name of theme === FALLBACK ? [FALLBACK] : [FALLBACK, theme]) {
      for (const [file, text] of pageFilesIn(state, name)) {
        if (file.endsWith('.css')) sheets.push(text.text);
        else texts.set(file, text);
      }
    }
    const css = `${variables(look)}\n${sheets.join('\n')}`;
    return { look, texts, style: { css, version: createHash('sha256').update(css).digest('hex').slice(0, 16) } };
  });
}

function templateOf(
  state: TemplateState,
  theme: string,
  file: string,
  { texts }: PageFiles,
): Promise<TemplateSet<MailJob>> {
  return state.parsed(`page ${theme}/${file}`, () => {
    const main = texts.get(file);
    if (main === undefined) throw new Error(`The theme ${FALLBACK} has no ${file}.`);
    const ending = file.slice(file.indexOf('.'));
    const partials = new Map(
      [...texts]
        .filter(([name]) => name.startsWith('partials/') && name.endsWith(ending))
        .map(([name, text]) => [basename(name, ending), text]),
    );
    const vocabulary =
      ending === '.txt.hbs' ? TEXT_VOCABULARY : ending === '.html.hbs' ? PAGE_VOCABULARY : HTML_VOCABULARY;
    const escaping = ending === '.txt.hbs' ? 'none' : ending === '.html.hbs' ? 'page' : 'html';
    return compileTemplates({ ...main, partials, vocabulary, escape: escaping });
  });
}

/** The files of a theme's pages by their names below it: `pages/sign-up.html.hbs` is `sign-up.html.hbs`. */
function pageFilesIn(state: TemplateState, theme: string): ReadonlyMap<string, ThemeText> {
  const found = new Map<string, ThemeText>();
  const root = themeRoot(state, theme);
  for (const path of root === undefined ? [] : state.list(root)) {
    const name = relative(root ?? '', path).replaceAll('\\', '/');
    const key = /^pages\/(.+\.(?:html\.hbs|css))$/.exec(name)?.[1] ?? /^confirm\.(?:mjml|txt)\.hbs$/.exec(name)?.[0];
    if (key !== undefined) found.set(key, { shown: state.shown(path), text: state.text(path) ?? '' });
  }
  return found;
}

function jobOf(messages: Messages, timezone: string, look: ThemeLook): MailJob {
  return { placeholders: openPlaceholders(NO_PLACEHOLDERS), messages, language: messages.language, timezone, look };
}

/** Helpers of pages: those of mails, with markup put in at once. A page has its style sheet, and forbids any other style. */
const PAGE_VOCABULARY: Vocabulary<MailJob> = {
  ...Object.fromEntries(Object.entries(HTML_VOCABULARY).map(([name, helper]) => [name, withoutReader(name, helper)])),
  if: ([value], _named, _job, block) => chosen(value, block?.main, block?.otherwise),
  unless: ([value], _named, _job, block) => chosen(value, block?.otherwise, block?.main),
  html: ([tree]) => new Markup(mailHtmlFrom(tree as Html, { width: 672 })),
  inline([tree], _named, { messages }) {
    const nodes = tree as Html;
    const html = mailHtmlFrom(withoutLinks(nodes), { width: 24 });
    const direction = directionOfText(textOf(nodes));
    return new Markup(direction === undefined || direction === messages.direction ? html : `<bdi>${html}</bdi>`);
  },
  href: ([url]) => absoluteHref(url) ?? '',
};

/** A text for a condition: both texts where each reader has their own. */
function chosen(
  value: unknown,
  whenSet: Block['main'] | undefined,
  whenNot: Block['main'] | undefined,
): Markup | string {
  if (value instanceof ReaderTick) return value.choose(whenSet?.() ?? '', whenNot?.() ?? '');
  const isSet = Array.isArray(value) ? value.length > 0 : Boolean(value);
  return (isSet ? whenSet : whenNot)?.() ?? '';
}

/** Refuses values that differ from reader to reader: the result would be that of the first reader. */
function withoutReader(name: string, helper: TemplateHelper<MailJob>): TemplateHelper<MailJob> {
  if (name === 'say' || name === 'isolate') return helper;
  return (values, named, job, block) => {
    const isOwn = [...values, ...Object.values(named)].some(
      (value) => value instanceof ReaderText || value instanceof ReaderTick,
    );
    if (isOwn) throw new Error(`{{${name}}} cannot work with what differs from reader to reader.`);
    return helper(values, named, job, block);
  };
}

function withoutLinks(html: Html): Html {
  return html.flatMap((node): Html => {
    if (node.type !== 'element') return [node];
    const children = withoutLinks(node.children);
    return node.tagName === 'a' || node.tagName === 'p' || node.tagName === 'img' ? children : [{ ...node, children }];
  });
}

/** The colours and fonts of theme.yaml, as the style sheet uses them. */
function variables({ colours, fonts }: ThemeLook): string {
  const lines = (palette: { readonly [name: string]: string }) =>
    Object.entries(palette).map(
      ([name, value]) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}:${value};`,
    );
  const faces = Object.entries(fonts).map(([name, value]) => `--font-${name}:${value};`);
  return [
    `:root{color-scheme:light dark;${lines(colours.light).join('')}${faces.join('')}}`,
    `@media (prefers-color-scheme:dark){:root{${lines(colours.dark).join('')}}}`,
  ].join('\n');
}

function pageView({ newsletter, links, view }: PageRequest, messages: Messages): object {
  const addressLines = (newsletter.postalAddress ?? '')
    .split('\n')
    .map((line) => cleanText(line).trim())
    .filter((line) => line !== '');
  return {
    newsletter: { title: cleanText(newsletter.title), sender: newsletter.sender, addressLines },
    language: messages.language,
    direction: messages.direction,
    links,
    title: titleOf(view, newsletter.title, messages),
    page: 'posts' in view ? { ...view, posts: view.posts.map((post) => postView(post, messages)) } : view,
    ...keysOf(view, newsletter.title, messages),
  };
}

/** The words that depend on what a page has to say, by their keys: templates only know fixed ones. */
function keysOf(view: PageView, newsletter: string, messages: Messages): object {
  switch (view.kind) {
    case 'notice':
      return { text: messages.say(`page.notice.${view.notice}.text`, { newsletter }) };
    case 'home':
      return {
        frequencies: Object.fromEntries(view.newsletters.map(({ frequency: one }) => [one, `frequency.${one}`])),
      };
    case 'sign-up':
      return { frequencyKey: `frequency.${view.frequency}` };
    case 'unsubscribe':
      return { doneKey: view.done === null ? null : `page.unsubscribe.done.${view.done}` };
    case 'preferences':
      return { savedKey: view.saved === null ? null : `page.preferences.${view.saved}` };
    default:
      return {};
  }
}

function titleOf(view: PageView, newsletter: string, messages: Messages): string {
  switch (view.kind) {
    case 'notice':
      return messages.say(`page.notice.${view.notice}.title`, { newsletter });
    case 'unsubscribe':
      return messages.say(`page.unsubscribe.title.${view.done ?? (view.isSubscribed ? 'ask' : 'gone')}`, {
        newsletter,
      });
    case 'confirm':
      return messages.say(`page.confirm.${view.purpose}.title`, { newsletter });
    case 'posts':
      return cleanText(view.title);
    default:
      return messages.say(`page.${view.kind}.title`, { newsletter });
  }
}

function postView(post: Extract<PageView, { kind: 'posts' }>['posts'][number], messages: Messages): object {
  const title = cleanText(post.title);
  const direction = post.language ? directionOfLanguage(post.language) : (directionOfText(title) ?? messages.direction);
  const inLine = (name: string) => isolated(cleanText(name), messages.direction);
  const isForeign = post.language !== undefined && !isSameLanguage(post.language, messages.language);
  return {
    title,
    shortTitle: shortened(title),
    titleHtml: post.titleHtml ?? [{ type: 'text', value: title }],
    url: absoluteHref(post.url) ?? null,
    byline: post.authors.length === 0 ? null : new Intl.ListFormat(messages.language).format(post.authors.map(inLine)),
    publishedAt: shownDateOf(post),
    isoDate: post.publishedOn ?? post.publishedAt.toISOString(),
    language: isForeign ? post.language : null,
    direction: direction === messages.direction ? null : direction,
    excerpt: post.excerpt.length > 0 ? post.excerpt : null,
    figure: post.figure ? { caption: null, ...post.figure } : null,
  };
}

function noticeView(
  request: NoticeMailRequest,
  messages: Messages,
  look: ThemeLook,
): { readonly [name: string]: unknown } {
  const { newsletter, purpose, isReminder, address, confirmUrl, days, frequency } = request;
  const given = { newsletter: newsletter.title };
  const key = isReminder ? 'reminder' : purpose;
  const marked = (values: { readonly [name: string]: string }) =>
    Object.fromEntries(Object.entries(values).map(([one, value]) => [one, new Markup(value)]));
  return {
    subject: messages.say(`confirm.${key}.subject`, given),
    heading: messages.say(`confirm.${key}.heading`, given),
    text: messages.say(`confirm.${purpose}.text`, { ...given, address }),
    button: messages.say(`confirm.${purpose}.button`, given),
    // Without a name: a visitor typed it, perhaps to have us send their words to somebody else (rule: stranger's-words).
    greeting: messages.say('issue.greeting'),
    frequency: purpose === 'sign-up' ? messages.say(`frequency.${frequency}`, given) : null,
    confirmUrl,
    days,
    newsletter: {
      title: newsletter.title,
      sender: newsletter.sender,
      addressLines: (newsletter.postalAddress ?? '').split('\n').filter((line) => line.trim() !== ''),
    },
    language: messages.language,
    direction: messages.direction,
    start: messages.direction === 'rtl' ? 'right' : 'left',
    theme: {
      width: look.width,
      light: marked(look.colours.light),
      dark: marked(look.colours.dark),
      fonts: marked(look.fonts),
    },
  };
}
