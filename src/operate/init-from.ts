/** Makes a workspace for a blog that is there: finds how it is read, which categories it has, and writes both down. */
import { relative } from 'node:path';
import { categoryKey } from '../domain/category.js';
import { GazetteError } from '../domain/errors.js';
import type { Source } from '../domain/ports/content.js';
import type { PostHead } from '../domain/post.js';
import { publishabilityAt } from '../domain/post.js';

/** What was found, as sources tell it. */
export interface BlogFacts {
  readonly options: { readonly kind: string; readonly [key: string]: unknown };
  readonly what: string;
  readonly notes: readonly string[];
  readonly title?: string;
  readonly language?: string;
  readonly timezone?: string;
  readonly site?: string;
  readonly credentials?: string;
}

/** What the person said, which goes before what was found. */
export interface InitFromRequest {
  /** An http(s) address, or an absolute folder. */
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
  readonly signal?: AbortSignal;
}

export interface InitFromTools {
  findBlog(from: string, signal?: AbortSignal): Promise<BlogFacts>;
  /** Opens what was found, with the key that was found. */
  openSource(facts: BlogFacts): Source;
}

export interface FoundWorkspace {
  readonly what: string;
  readonly notes: readonly string[];
  readonly source: { readonly [key: string]: unknown };
  readonly title: string;
  readonly language: string;
  readonly timezone: string;
  readonly schedule: string;
  readonly categories: readonly { readonly key: string; readonly title: string; readonly posts: number }[];
  readonly sender: { readonly name: string; readonly address: string; readonly isGuessed: boolean };
  readonly postalAddress?: string;
  readonly credentials?: string;
  /** How many posts could be in an issue, and how many files cannot be read. */
  readonly posts: number;
  readonly broken: number;
  /** The newest first. */
  readonly latest: readonly { readonly title: string; readonly publishedAt: Date }[];
}

const MOST_CATEGORIES = 12;
const LATEST = 5;

/** Reads the blog once. Throws `source.failed` when nothing can be read there. */
export async function findWorkspace(tools: InitFromTools, request: InitFromRequest): Promise<FoundWorkspace> {
  const { from, root, now, signal } = request;
  const found = await tools.findBlog(from, signal);
  const site = request.site ?? found.site;
  const facts: BlogFacts = { ...found, options: { ...found.options, ...siteOption(found, site) } };
  const { posts, broken } = await tools
    .openSource(facts)
    .collect({ now, keep: () => undefined, ...(signal && { signal }) });
  const live = posts.filter((post) => publishabilityAt(post, now) === 'publishable' && !post.optedOut);
  if (live.length === 0) {
    throw new GazetteError('source.failed', `${from} was read, and has no published post.`, {
      hint: 'Give the address or folder of the posts themselves.',
    });
  }
  const title = request.title ?? found.title ?? nameOf(from, site);
  const language = request.language ?? found.language ?? 'en';
  return {
    what: found.what,
    notes: request.site === undefined ? found.notes : found.notes.filter((note) => !note.includes('--site')),
    source: writtenSource(facts, root),
    ...{ title, language },
    timezone: request.timezone ?? found.timezone ?? 'UTC',
    schedule: request.schedule ?? '0 8 * * 1',
    categories: categoriesOf(live),
    sender: {
      name: title,
      address: request.sender ?? `digest@${domainOf(site)}`,
      isGuessed: request.sender === undefined,
    },
    ...(request.postalAddress !== undefined && { postalAddress: request.postalAddress }),
    ...(found.credentials !== undefined && { credentials: found.credentials }),
    posts: live.length,
    broken: broken.length,
    latest: [...live]
      .sort((one, other) => other.publishedAt.getTime() - one.publishedAt.getTime())
      .slice(0, LATEST)
      .map(({ title: name, publishedAt }) => ({ title: name, publishedAt })),
  };
}

/** A folder needs the address of its site, which only its owner knows where no configuration says it. */
function siteOption({ options }: BlogFacts, site: string | undefined): { readonly site?: string } {
  return options.kind === 'markdown' ? { site: site ?? 'https://blog.example.org' } : {};
}

/** Folders are written relative to content/. */
function writtenSource({ options }: BlogFacts, root: string): FoundWorkspace['source'] {
  const { dir } = options;
  if (typeof dir !== 'string') return options;
  return { ...options, dir: relative(`${root}/content`, dir).replaceAll('\\', '/') || '.' };
}

/** The categories in use, the most used first, each under its commonest spelling. */
function categoriesOf(posts: readonly PostHead[]): FoundWorkspace['categories'] {
  const counts = new Map<string, { posts: number; readonly spellings: Map<string, number> }>();
  for (const { categories } of posts) {
    for (const spelling of categories) {
      const key = categoryKey(spelling);
      const count = counts.get(key) ?? { posts: 0, spellings: new Map<string, number>() };
      count.posts += 1;
      count.spellings.set(spelling, (count.spellings.get(spelling) ?? 0) + 1);
      counts.set(key, count);
    }
  }
  return [...counts]
    .filter(([key, { posts: used }]) => key !== '' && (used > 1 || counts.size <= MOST_CATEGORIES))
    .sort(([a, one], [b, other]) => other.posts - one.posts || a.localeCompare(b))
    .slice(0, MOST_CATEGORIES)
    .map(([key, { posts: used, spellings }]) => ({
      key,
      title: titleOf([...spellings].sort(([, one], [, other]) => other - one)[0]?.[0] ?? key),
      posts: used,
    }));
}

/** A heading: `machine-learning` is written as `Machine learning`. */
function titleOf(spelling: string): string {
  const words = /^[\p{Ll}\p{N}_-]+$/u.test(spelling) ? spelling.replace(/[-_]+/g, ' ') : spelling;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function domainOf(site: string | undefined): string {
  const host = site === undefined ? '' : new URL(site).hostname.replace(/^www\./, '');
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}$/i.test(host) ? host : 'example.org';
}

function nameOf(from: string, site: string | undefined): string {
  if (site !== undefined) return new URL(site).hostname;
  return from.split(/[\\/]/).filter(Boolean).at(-1) ?? 'My blog';
}
