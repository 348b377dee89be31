/** Finds how the posts of a blog are read best, by its address or its folder. */
import { GazetteError } from '../../domain/errors.js';
import type { FoundBlog } from '../../domain/found-blog.js';
import { languageFrom } from '../../domain/language.js';
import { isTimezone } from '../../domain/zoned-time.js';
import type { SourceTools } from '../source-tools.js';
import { openAsk } from '../wordpress/wordpress-site.js';
import { findFeed } from './find-feed.js';
import { findFolder } from './find-folder.js';
import { findGhost } from './find-ghost.js';
import { findWordPress } from './find-wordpress.js';
import type { PageLook } from './page-look.js';

/** Ways to read a blog, the richest first. Each resolves with `undefined` where it does not apply. */
const WAYS: readonly ((look: PageLook) => Promise<FoundBlog | undefined>)[] = [findWordPress, findGhost, findFeed];

/**
 * @param from an http(s) address or an absolute folder
 * @param name of the source to be
 * @throws GazetteError `source.failed` when nothing is found there
 */
export async function findBlog(
  from: string,
  name: string,
  tools: SourceTools,
  signal?: AbortSignal,
): Promise<FoundBlog> {
  const found = /^https?:\/\//i.test(from)
    ? await findAt(from, name, tools, signal)
    : await findFolder(from, tools, signal);
  const { timezone, language, ...others } = found;
  const tag = languageFrom(language);
  // A blog may name a zone this host does not know, or an offset; and anything as its language.
  const isKnown = timezone !== undefined && isTimezone(timezone);
  return { ...others, ...(isKnown && { timezone }), ...(tag !== undefined && { language: tag }) };
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

async function findAt(address: string, name: string, tools: SourceTools, signal?: AbortSignal): Promise<FoundBlog> {
  const allowPrivate = await isPrivate(address, tools, signal);
  const hosts = allowPrivate ? { allowPrivate: [new URL(address).hostname.replace(/^\[|\]$/g, '')] } : {};
  const ask = openAsk({ source: name, fetchWeb: tools.fetchWeb }, hosts, signal);
  const look: PageLook = { name, address, ask, tools, allowPrivate, signal };
  for (const find of WAYS) {
    const found = await find(look);
    if (found) return allowPrivate ? { ...found, options: { ...found.options, allowPrivate: true } } : found;
  }
  const isThere = (await ask(address)) !== undefined;
  throw nothingAt(
    address,
    isThere ? 'It is no WordPress or Ghost blog, and names no feed.' : 'The page does not exist.',
  );
}

/** A person who names an address in a private network means it. */
async function isPrivate(address: string, { fetchWeb }: SourceTools, signal?: AbortSignal): Promise<boolean> {
  const answer = await fetchWeb({ url: address }, signal);
  return answer.kind === 'refused' && answer.why === 'private';
}

function nothingAt(address: string, why: string): GazetteError {
  return new GazetteError('source.failed', `No posts were found at ${address}. ${why}`, {
    hint: 'Give the address of the blog’s front page or of its feed; or the folder of its files.',
  });
}
