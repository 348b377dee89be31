/**
 * The pages of the public door and the mails that ask for a confirmation, printed with a theme. What a theme has no file
 * for comes from `plain`. The same templates, escaping and strictness as mails; no script, and style from one file alone.
 */
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { directionOfLanguage, directionOfText, isolated } from '../domain/direction.js';
import { type Html, textOf } from '../domain/html.js';
import { isSameLanguage } from '../domain/language.js';
import type { NoticeMail, NoticeMailRequest, PageRequest, PageView } from '../domain/page.js';
import type { Messages, Pages } from '../domain/ports/content.js';
import type { Files } from '../domain/ports/host.js';
import { atomFeed } from './atom.js';
import { absoluteHref } from './link.js';
import { mailHtmlFrom } from './mail-html.js';
import { shortened } from './mail-view.js';
import { cleanText, Markup } from './markup.js';
import type { MessageCatalogs } from './messages.js';
import { htmlFromMjml } from './mjml.js';
import { openPlaceholders } from './placeholders.js';
import { compileTemplates, type TemplateSet, type Vocabulary } from './template.js';
import { readTheme, type ThemeLook, type ThemeText } from './theme.js';
import { HTML_VOCABULARY, type MailJob, TEXT_VOCABULARY } from './vocabulary.js';

export interface PagesOptions {
  readonly files: Files;
  /** Absolute; the workspace's templates/ before the package's. */
  readonly themeFolders: readonly string[];
  readonly shown: (path: string) => string;
  readonly book: MessageCatalogs;
  /** How long files that were read stand for those on the disk, in milliseconds; absent: not at all. */
  readonly keepMs?: number;
}

/** Whose files stand in where a theme has none of its own. */
const FALLBACK = 'plain';
/** No text is put into a page through a placeholder, so the word need not be a secret. */
const NO_PLACEHOLDERS = 'gazettepage';

/** The pages over these template folders. Reads nothing until asked. */
export function pagesFrom({ files, themeFolders, shown, book, keepMs = 0 }: PagesOptions): Pages {
  const filesOf = kept(keepMs, readFiles);
  const messagesOf = kept(keepMs, book.messages);
  const compiled = new Map<string, { readonly source: string; readonly set: TemplateSet<MailJob> }>();

  async function readFiles(theme: string): Promise<PageFiles> {
    const { look } = await readTheme(files, themeFolders, theme, shown);
    const texts = new Map<string, ThemeText>();
    const css: string[] = [];
    for (const name of theme === FALLBACK ? [FALLBACK] : [FALLBACK, theme]) {
      for (const [file, text] of await pageFilesIn(files, themeFolders, name, shown)) {
        if (file.endsWith('.css')) css.push(text.text);
        else texts.set(file, text);
      }
    }
    return { look, texts, css: css.join('\n') };
  }

  function templateOf(theme: string, file: string, { texts }: PageFiles): TemplateSet<MailJob> {
    const main = texts.get(file);
    if (main === undefined) throw new Error(`The theme ${FALLBACK} has no ${file}.`);
    const ending = file.slice(file.indexOf('.'));
    const partials = new Map(
      [...texts]
        .filter(([name]) => name.startsWith('partials/') && name.endsWith(ending))
        .map(([name, text]) => [basename(name, ending), text]),
    );
    const source = JSON.stringify([main.text, [...partials]]);
    const kept = compiled.get(`${theme}/${file}`);
    if (kept?.source === source) return kept.set;
    const vocabulary =
      ending === '.txt.hbs' ? TEXT_VOCABULARY : ending === '.html.hbs' ? PAGE_VOCABULARY : HTML_VOCABULARY;
    const escaping = ending === '.txt.hbs' ? 'none' : ending === '.html.hbs' ? 'page' : 'html';
    const set = compileTemplates({ ...main, partials, vocabulary, escape: escaping });
    compiled.set(`${theme}/${file}`, { source, set });
    return set;
  }

  async function page(request: PageRequest): Promise<string> {
    const { newsletter, language, view } = request;
    const [theme, messages] = await Promise.all([filesOf(newsletter.theme), messagesOf(language)]);
    const template = templateOf(newsletter.theme, `${view.kind}.html.hbs`, theme);
    const job = jobOf(messages, newsletter.timezone, theme.look);
    return template.render(pageView(request, messages), job);
  }

  async function noticeMail(request: NoticeMailRequest): Promise<NoticeMail> {
    const { newsletter, language } = request;
    const [theme, messages] = await Promise.all([filesOf(newsletter.theme), messagesOf(language)]);
    const view = noticeView(request, messages, theme.look);
    const job = () => jobOf(messages, newsletter.timezone, theme.look);
    const html = templateOf(newsletter.theme, 'confirm.mjml.hbs', theme);
    const text = templateOf(newsletter.theme, 'confirm.txt.hbs', theme);
    return {
      subject: cleanText(String(view.subject)),
      html: await htmlFromMjml(html.render(view, job()), () => html.trace(view, job())),
      text: `${text
        .render(view, job())
        .replace(/[ \t]+$/gm, '')
        .replace(/\n{3,}/g, '\n\n')
        .trim()}\n`,
    };
  }

  return {
    page,
    noticeMail,
    feed: async (request) => atomFeed(request),
    async style(theme) {
      const { look, css } = await filesOf(theme);
      const whole = `${variables(look)}\n${css}`;
      return { css: whole, version: createHash('sha256').update(whole).digest('hex').slice(0, 16) };
    },
  };
}

/** Keys may come from outside: there is an end to them. */
const MOST_KEPT = 100;

/** What `read` gave is given again for a while; a failure is not kept. */
function kept<T>(keepMs: number, read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, { readonly at: number; readonly value: Promise<T> }>();
  return (key) => {
    const before = known.get(key);
    if (before && performance.now() - before.at < keepMs) return before.value;
    if (known.size >= MOST_KEPT) known.clear();
    const value = read(key);
    known.set(key, { at: performance.now(), value });
    value.catch(() => known.delete(key));
    return value;
  };
}

interface PageFiles {
  readonly look: ThemeLook;
  readonly texts: ReadonlyMap<string, ThemeText>;
  readonly css: string;
}

/** The files of a theme's pages by their names below it: `pages/sign-up.html.hbs` is `sign-up.html.hbs`. */
async function pageFilesIn(
  files: Files,
  folders: readonly string[],
  theme: string,
  shown: (path: string) => string,
): Promise<ReadonlyMap<string, ThemeText>> {
  const found = new Map<string, ThemeText>();
  for (const folder of folders) {
    const root = join(folder, theme);
    const paths = (await files.list(root)) ?? [];
    if (!paths.includes(join(root, 'theme.yaml'))) continue;
    for (const path of paths) {
      const name = path.slice(root.length + 1).replaceAll('\\', '/');
      const key = /^pages\/(.+\.(?:html\.hbs|css))$/.exec(name)?.[1] ?? /^confirm\.(?:mjml|txt)\.hbs$/.exec(name)?.[0];
      if (key === undefined) continue;
      const bytes = await files.read(path);
      found.set(key, { shown: shown(path), text: new TextDecoder().decode(bytes).replace(/\r\n?/g, '\n') });
    }
    break;
  }
  return found;
}

function jobOf(messages: Messages, timezone: string, look: ThemeLook): MailJob {
  return { placeholders: openPlaceholders(NO_PLACEHOLDERS), messages, language: messages.language, timezone, look };
}

/** Helpers of pages: those of mails, with markup put in at once. A page has its style sheet, and forbids any other style. */
const PAGE_VOCABULARY: Vocabulary<MailJob> = {
  ...HTML_VOCABULARY,
  html: ([tree]) => new Markup(mailHtmlFrom(tree as Html, { width: 672 })),
  inline([tree], _named, { messages }) {
    const nodes = tree as Html;
    const html = mailHtmlFrom(withoutLinks(nodes), { width: 24 });
    const direction = directionOfText(textOf(nodes));
    return new Markup(direction === undefined || direction === messages.direction ? html : `<bdi>${html}</bdi>`);
  },
  href: ([url]) => absoluteHref(url) ?? '',
};

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
    publishedAt: post.publishedAt,
    isoDate: post.publishedAt.toISOString(),
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
