/** The kinds of source there are. A new kind is its files and one line in `SOURCE_KINDS`. */
import { resolve } from 'node:path';
import { GazetteError } from '../domain/errors.js';
import type { Html } from '../domain/html.js';
import type { Source } from '../domain/ports/content.js';
import type { RunJob } from '../domain/ports/host.js';
import {
  type GhostExportOptions,
  ghostExportOptions,
  type SubstackOptions,
  substackOptions,
  type WxrOptions,
  wxrOptions,
} from './exports/export-options.js';
import { type FeedOptions, feedOptions } from './feed/feed-options.js';
import { type GhostOptions, ghostOptions } from './ghost/ghost-options.js';
import { type MarkdownOptions, markdownOptions } from './markdown-options.js';
import type { MarkdownResult } from './markdown-to-html.js';
import type { ParseJob } from './parse.js';
import { parseHere } from './parse-here.js';
import { TOO_DEEP, unfinished } from './post-reading.js';
import { defineSource, type SourceKind, type SourceOptions } from './source-kind.js';
import type { SourceTools } from './source-tools.js';
import { type WordPressOptions, wordPressOptions } from './wordpress/wordpress-options.js';

export { z } from 'zod';
export { type Site, type SiteFacts, siteFactsFrom } from './dialects/index.js';
export type { MarkdownOptions } from './markdown-options.js';
export { parseHere } from './parse-here.js';
export { defineSource, type SourceKind, type SourceOptions } from './source-kind.js';
export type { SourceTools } from './source-tools.js';
export { collectionOf, type WrittenPost } from './written-posts.js';

/** Every kind that Gazette knows by itself. */
export const SOURCE_KINDS: readonly SourceKind[] = [
  defineSource<MarkdownOptions>({
    kind: 'markdown',
    options: markdownOptions,
    folderOf: ({ dir }, { contentDir }) => resolve(contentDir, dir),
    open: async (...given) => (await import('./markdown.js')).markdownSource(...given),
  }),
  defineSource<FeedOptions>({
    kind: 'feed',
    options: feedOptions,
    open: async (...given) => (await import('./feed/feed.js')).feedSource(...given),
  }),
  defineSource<WordPressOptions>({
    kind: 'wordpress',
    options: wordPressOptions,
    open: async (...given) => (await import('./wordpress/wordpress.js')).wordPressSource(...given),
  }),
  defineSource<GhostOptions>({
    kind: 'ghost',
    options: ghostOptions,
    open: async (...given) => (await import('./ghost/ghost.js')).ghostSource(...given),
  }),
  defineSource<WxrOptions>({
    kind: 'wxr',
    options: wxrOptions,
    open: async (...given) => (await import('./exports/wxr.js')).wxrSource(...given),
  }),
  defineSource<GhostExportOptions>({
    kind: 'ghost-export',
    options: ghostExportOptions,
    open: async (...given) => (await import('./exports/export-source.js')).ghostExportSource(...given),
  }),
  defineSource<SubstackOptions>({
    kind: 'substack',
    options: substackOptions,
    open: async (...given) => (await import('./exports/export-source.js')).substackSource(...given),
  }),
];

/** Options as they are written, with the defaults of their kind. Throws for what its schema refuses. */
export function withDefaults(written: SourceOptions, kinds: readonly SourceKind[] = SOURCE_KINDS): SourceOptions {
  const kind = kinds.find((candidate) => candidate.kind === written.kind);
  return kind === undefined ? written : kind.options.parse(written);
}

/** Opens a source by the kind its checked options name. Nothing is loaded or read before it is first collected. */
export function openSource(
  name: string,
  options: SourceOptions,
  tools: SourceTools,
  kinds: readonly SourceKind[] = SOURCE_KINDS,
): Source {
  const kind = kinds.find((candidate) => candidate.kind === options.kind);
  if (kind === undefined) throw new Error(`No source of kind ${options.kind} is registered.`);
  let source: Promise<Source> | undefined;
  const opened = () => {
    source ??= Promise.resolve(kind.open(name, options, tools));
    return source;
  };
  const folder = kind.folderOf?.(options, tools);
  const isOwn = !SOURCE_KINDS.includes(kind);
  return {
    name,
    ...(folder !== undefined && { folder }),
    collect: async (request) => {
      try {
        return await (await opened()).collect(request);
      } catch (error) {
        request.signal?.throwIfAborted();
        throw isOwn ? faultOf(name, error) : error;
      }
    },
    bodies: async (posts, signal) => (await opened()).bodies?.(posts, signal) ?? [],
    omissions: async (posts, signal) => (await opened()).omissions?.(posts, signal) ?? [],
    picture: async (address, posts) => (await opened()).picture?.(address, posts),
    reread: async (path) => (await opened()).reread?.(path),
  };
}

/** A fault in the code of a kind that is not ours is a failure of that source. */
function faultOf(name: string, cause: unknown): unknown {
  if (cause instanceof GazetteError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const hint = 'Correct the code of this kind of source, or what it reads.';
  return new GazetteError('source.failed', `The source “${name}” cannot be read: ${reason}`, { cause, hint });
}

/** An editor's Markdown as clean `Html`. Throws `config.invalid` when it cannot be read. @param where its place */
export async function readMarkdown(text: string, where: string, runParse: RunJob = parseHere): Promise<Html> {
  const job: ParseJob = { kind: 'editor', text };
  const end = await runParse(job);
  const result = end.kind === 'done' ? (end.result as MarkdownResult) : end;
  if (result.kind === 'html') return result.html;
  const message = result.kind === 'too-deep' ? TOO_DEEP : unfinished(result);
  throw new GazetteError('config.invalid', message, { where, problems: [{ where, message }] });
}
