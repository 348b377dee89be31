/** Makes a workspace for a blog that is there: finds how it is read, which categories it has, and writes both down. */
import { relative } from 'node:path';
import { GazetteError } from '../domain/errors.js';
import type { FoundBlog, FoundLook } from '../domain/found-blog.js';
import { languageFrom, languageTags } from '../domain/language.js';
import type { Source } from '../domain/ports/content.js';
import { type Collection, groupedByFault, publishabilityAt } from '../domain/post.js';
import { isTimezone, wallTimeOf } from '../domain/zoned-time.js';
import { categoriesOf, type FoundCategory } from './found-categories.js';

/** What the person said, which goes before what was found. */
export interface InitFromRequest {
  /** An http(s) address, or the absolute path of a folder or an export. */
  readonly from: string;
  /** Absolute. */
  readonly root: string;
  readonly now: Date;
  readonly title?: string;
  readonly language?: string;
  readonly timezone?: string;
  readonly schedule?: string;
  readonly site?: string;
  readonly sender?: string;
  readonly postalAddress?: string;
  /** Private networks are not asked: who names the address may be somebody else than the operator. */
  readonly refusesPrivate?: boolean;
  readonly signal?: AbortSignal;
}

export interface InitFromTools {
  findBlog(from: string, look: Pick<InitFromRequest, 'refusesPrivate' | 'signal'>): Promise<FoundBlog>;
  /** Opens what was found, with the key that was found. */
  openSource(facts: FoundBlog): Source;
  /** The languages there are messages for. */
  readonly languages: readonly string[];
  /** Asks a person for what the blog does not say, having shown what it does. */
  ask?(found: FoundWorkspace): Promise<InitAnswers>;
}

export type InitAnswers = Partial<
  Pick<InitFromRequest, 'title' | 'timezone' | 'schedule' | 'site' | 'sender' | 'postalAddress'>
>;

export interface FoundWorkspace {
  readonly what: string;
  readonly notes: readonly string[];
  readonly source: { readonly [key: string]: unknown };
  readonly title: string;
  /** That of its mails and pages. */
  readonly language: string;
  /** That of its posts, where there are no messages in it. */
  readonly blogLanguage?: string;
  readonly timezone: string;
  readonly schedule: string;
  readonly categories: readonly FoundCategory[];
  readonly look?: FoundLook;
  /** What has to be guessed, or asked. */
  readonly unknown: readonly (keyof InitAnswers)[];
  /** The day of the oldest of `latest`, with which the first issue would carry them. */
  readonly baseline: string;
  readonly sender: { readonly name: string; readonly address: string; readonly isGuessed: boolean };
  readonly postalAddress?: string;
  readonly credentials?: string;
  /** How many posts could be in an issue, and how many files cannot be read. */
  readonly posts: number;
  readonly broken: number;
  /** The newest first. */
  readonly latest: readonly { readonly title: string; readonly publishedAt: Date }[];
}

const LATEST = 5;
const MOST_UNREAD = 3;

/** Reads the blog once. Throws `source.failed` when nothing can be read there. */
export async function findWorkspace(tools: InitFromTools, request: InitFromRequest): Promise<FoundWorkspace> {
  const { from, now, signal } = request;
  const found = await tools.findBlog(from, request);
  const collection = await tools
    .openSource(withSite(found, request.site))
    .collect({ now, keep: () => undefined, ...(signal && { signal }) });
  const live = collection.posts.filter((post) => publishabilityAt(post, now) === 'publishable' && !post.optedOut);
  if (live.length === 0) throw nothingPublished(from, collection, unreadNotes(collection));
  const blog = { found, collection, live, languages: tools.languages };
  const first = workspaceOf(blog, request);
  const answers = await tools.ask?.(first);
  return answers === undefined ? first : workspaceOf(blog, { ...request, ...answers });
}

interface ReadBlog {
  readonly found: FoundBlog;
  readonly collection: Collection;
  /** What could be in an issue. */
  readonly live: Collection['posts'];
  readonly languages: readonly string[];
}

function workspaceOf({ found, collection, live, languages }: ReadBlog, request: InitFromRequest): FoundWorkspace {
  const { from, root, now } = request;
  const site = request.site ?? found.site;
  const title = request.title ?? found.title ?? nameOf(from, site);
  const timezone = request.timezone ?? found.timezone ?? 'UTC';
  const language = languagesFor(request.language ?? found.language, languages);
  const latest = [...live]
    .sort((one, other) => other.publishedAt.getTime() - one.publishedAt.getTime())
    .slice(0, LATEST)
    .map(({ title: name, publishedAt }) => ({ title: name, publishedAt }));
  const oldest = latest.at(-1)?.publishedAt ?? now;
  return {
    what: found.what,
    notes: [
      ...(request.site === undefined ? found.notes : found.notes.filter((note) => !note.includes('--site'))),
      ...(language.blogLanguage === undefined ? [] : [noMessagesNote(language.blogLanguage)]),
      ...unreadNotes(collection),
    ],
    source: writtenSource(withSite(found, request.site), root),
    ...{ title, ...language, timezone },
    schedule: request.schedule ?? '0 8 * * 1',
    categories: categoriesOf(live),
    ...(found.look && { look: found.look }),
    unknown: unknownOf(found, request),
    sender: {
      name: title,
      address: request.sender ?? `digest@${domainOf(site)}`,
      isGuessed: request.sender === undefined,
    },
    ...(request.postalAddress !== undefined && { postalAddress: request.postalAddress }),
    ...(found.credentials !== undefined && { credentials: found.credentials }),
    posts: live.length,
    broken: collection.broken.length,
    baseline: dayOf(oldest, timezone),
    latest,
  };
}

/** What neither the blog nor the person said. */
function unknownOf(found: FoundBlog, request: InitFromRequest): FoundWorkspace['unknown'] {
  const isKnown = {
    site: found.site !== undefined || !NEED_SITE.has(found.options.kind),
    title: found.title !== undefined,
    timezone: found.timezone !== undefined,
    ...{ schedule: false, sender: false, postalAddress: false },
  };
  const names = Object.keys(isKnown) as (keyof typeof isKnown)[];
  return names.filter((name) => !isKnown[name] && request[name] === undefined);
}

/** As a calendar has it in that zone, which a person may have misspelled. */
function dayOf(moment: Date, timezone: string): string {
  return new Date(wallTimeOf(moment.getTime(), isTimezone(timezone) ? timezone : 'UTC')).toISOString().slice(0, 10);
}

/** A newsletter in a language without messages could not be rendered: such a blog gets one in English. */
function languagesFor(
  wanted: string | undefined,
  there: readonly string[],
): Pick<FoundWorkspace, 'language' | 'blogLanguage'> {
  const language = languageFrom(wanted) ?? 'en';
  if (languageTags(language).some((tag) => there.includes(tag))) return { language };
  return { language: 'en', blogLanguage: language };
}

function noMessagesNote(language: string): string {
  return `Gazette has no messages in “${language}” yet, so the newsletter’s own words are English. See \`language\` in content/newsletters/weekly.yaml.`;
}

/** What was found and is not read, and why. */
function unreadNotes({ broken, notes = [] }: Collection): readonly string[] {
  const groups = groupedByFault(broken);
  return [
    ...groups
      .slice(0, MOST_UNREAD)
      .map(({ where, message, count }) => `Not read: ${where}${count > 1 ? ` and ${count - 1} more` : ''}. ${message}`),
    ...(groups.length > MOST_UNREAD ? ['`gazette check` names the other files that cannot be read.'] : []),
    ...notes.map((note) => {
      if (note.kind === 'reading') return `${note.text} ${note.fix}`;
      const files = note.count === 1 ? note.example : `${note.count} files, such as ${note.example}`;
      return note.kind === 'undated'
        ? `Without a date, so no post: ${files}.`
        : `In a format that is not read: ${files}.`;
    }),
  ];
}

function nothingPublished(from: string, { posts }: Collection, unread: readonly string[]): GazetteError {
  const others = posts.length === 0 ? [] : ['What is there are drafts, or posts of a later date.'];
  return new GazetteError('source.failed', [`There is no published post at ${from}.`, ...others, ...unread].join(' '), {
    hint: 'Publish a post first, or give the address or folder where the posts are.',
  });
}

/** Kinds of source that need the address of their site, which only its owner knows where nothing says it. */
const NEED_SITE: ReadonlySet<string> = new Set(['markdown', 'ghost-export', 'substack']);

function withSite(found: FoundBlog, said: string | undefined): FoundBlog {
  if (!NEED_SITE.has(found.options.kind)) return found;
  return { ...found, options: { ...found.options, site: said ?? found.site ?? 'https://blog.example.org' } };
}

/** Folders and files are written relative to content/. */
function writtenSource({ options }: FoundBlog, root: string): FoundWorkspace['source'] {
  const written = { ...options };
  for (const key of ['dir', 'file']) {
    const path = options[key];
    if (typeof path === 'string')
      Object.assign(written, { [key]: relative(`${root}/content`, path).replaceAll('\\', '/') || '.' });
  }
  return written;
}

function domainOf(site: string | undefined): string {
  const host = site === undefined ? '' : new URL(site).hostname.replace(/^www\./, '');
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}$/i.test(host) ? host : 'example.org';
}

function nameOf(from: string, site: string | undefined): string {
  if (site !== undefined) return new URL(site).hostname;
  return from.split(/[\\/]/).filter(Boolean).at(-1) ?? 'My blog';
}
