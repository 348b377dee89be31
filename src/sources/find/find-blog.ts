/** Finds how the posts of a blog are read best, by its address, its folder or an export of it. */
import { GazetteError } from '../../domain/errors.js';
import type { FoundBlog, FoundLook } from '../../domain/found-blog.js';
import { languageFrom } from '../../domain/language.js';
import { isTimezone } from '../../domain/zoned-time.js';
import type { SourceTools } from '../source-tools.js';
import { type Ask, openAsk } from '../wordpress/wordpress-site.js';
import { beginOf, findExport } from './find-export.js';
import { findFeed } from './find-feed.js';
import { findFolder } from './find-folder.js';
import { findGhost } from './find-ghost.js';
import { lookAt } from './find-look.js';
import { findWordPress } from './find-wordpress.js';
import type { PageLook } from './page-look.js';

/** Ways to read a blog, the richest first. Each resolves with `undefined` where it does not apply. */
const WAYS: readonly ((look: PageLook) => Promise<FoundBlog | undefined>)[] = [findWordPress, findGhost, findFeed];

export interface LookOptions {
  /** Fail where the address leads into a private network, instead of asking there. */
  readonly refusesPrivate?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * @param from an http(s) address, or the absolute path of a folder or of an export
 * @param name of the source to be
 * @throws GazetteError `source.failed` when nothing is found there
 */
export async function findBlog(
  from: string,
  name: string,
  tools: SourceTools,
  look: LookOptions = {},
): Promise<FoundBlog> {
  const found = await findPlace(from, name, tools, look);
  const { timezone, language, ...others } = found;
  const tag = languageFrom(language);
  // A blog may name a zone this host does not know, or an offset; and anything as its language.
  const isKnown = timezone !== undefined && isTimezone(timezone);
  return { ...others, ...(isKnown && { timezone }), ...(tag !== undefined && { language: tag }) };
}

async function findPlace(from: string, name: string, tools: SourceTools, look: LookOptions): Promise<FoundBlog> {
  if (/^https?:\/\//i.test(from)) return findAt(from, name, tools, look);
  const begin = await beginOf(tools.files, from);
  return begin === undefined ? findFolder(from, tools, look.signal) : findExport(from, begin, tools);
}

/** The same failure for a person whose blog has no name in any settings yet. */
export function toldByPlace(error: unknown, from: string): unknown {
  if (!(error instanceof GazetteError) || error.code !== 'source.failed') return error;
  const [prefix] = /^The source “[^”]*” cannot be read: /.exec(error.message) ?? [];
  if (prefix === undefined) return error;
  const isOfSettings = /sources\.yaml|newsletter/.test(error.hint);
  const hint = isOfSettings ? 'Check the address, and that the site answers there.' : error.hint;
  return new GazetteError('source.failed', `${from} cannot be read: ${error.message.slice(prefix.length)}`, { hint });
}

async function findAt(
  address: string,
  name: string,
  tools: SourceTools,
  { signal, refusesPrivate = false }: LookOptions,
): Promise<FoundBlog> {
  const allowPrivate = await isPrivate(address, tools, signal);
  if (allowPrivate && refusesPrivate) throw privateAt(address);
  const hosts = allowPrivate ? { allowPrivate: [new URL(address).hostname.replace(/^\[|\]$/g, '')] } : {};
  const ask = askedOnce(openAsk({ source: name, fetchWeb: tools.fetchWeb }, hosts, signal));
  const page: PageLook = { name, address, ask, tools, allowPrivate, signal };
  for (const find of WAYS) {
    const found = await find(page);
    if (!found) continue;
    const look = { ...(await lookOfSite(found, page)), ...found.look };
    const options = allowPrivate ? { ...found.options, allowPrivate: true } : found.options;
    return { ...found, options, ...(Object.keys(look).length > 0 && { look }) };
  }
  const isThere = (await ask(address)) !== undefined;
  throw nothingAt(
    address,
    isThere ? 'It is no WordPress or Ghost blog, and names no feed.' : 'The page does not exist.',
  );
}

/** Each way asks for the same pages. */
function askedOnce(ask: Ask): Ask {
  const answers = new Map<string, ReturnType<Ask>>();
  return (url, accept) => {
    const key = JSON.stringify([url, accept]);
    const answer = answers.get(key) ?? ask(url, accept);
    answers.set(key, answer);
    return answer;
  };
}

/** The address of a feed is no page: then the site's front page is looked at. */
async function lookOfSite({ site }: FoundBlog, { address, ask }: PageLook): Promise<FoundLook | undefined> {
  const page = await ask(address);
  if (/<head\b/i.test(page?.text ?? '')) return lookAt(page, ask);
  return site === undefined ? undefined : lookAt(await ask(site).catch(() => undefined), ask);
}

/** A person who names an address in a private network means it. */
async function isPrivate(address: string, { fetchWeb }: SourceTools, signal?: AbortSignal): Promise<boolean> {
  const answer = await fetchWeb({ url: address }, signal);
  return answer.kind === 'refused' && answer.why === 'private';
}

function privateAt(address: string): GazetteError {
  return new GazetteError('source.failed', `${address} leads into a private network, which is not asked.`, {
    hint: 'If the blog is in your own network, say so, and look again.',
  });
}

function nothingAt(address: string, why: string): GazetteError {
  return new GazetteError('source.failed', `No posts were found at ${address}. ${why}`, {
    hint: 'Give the address of the blog’s front page or of its feed; or the folder of its files.',
  });
}
