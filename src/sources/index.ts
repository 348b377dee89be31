/** The kinds of source there are. A new kind is its files and one line in `SOURCE_KINDS`. */
import { resolve } from 'node:path';
import type { z } from 'zod';
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
import { type GhostOptions, ghostOptions } from './ghost/ghost-options.js';
import { type MarkdownOptions, markdownOptions } from './markdown-options.js';
import type { MarkdownResult } from './markdown-to-html.js';
import type { ParseJob } from './parse.js';
import { TOO_DEEP, unfinished } from './post-reading.js';
import type { SourceTools } from './source-tools.js';
import { type WordPressOptions, wordPressOptions } from './wordpress/wordpress-options.js';

export type { MarkdownOptions } from './markdown-options.js';
export type { SourceTools } from './source-tools.js';

/** One kind of source. `load` brings its code: a command that reads no posts loads no parser. */
interface SourceKind {
  readonly kind: string;
  readonly options: z.ZodType;
  /** The folder its files are in; absent for a kind without files. */
  folderOf?(options: never, tools: SourceTools): string;
  /** @param options what `options` accepted */
  load(name: string, options: never, tools: SourceTools): Promise<Source>;
}

export const SOURCE_KINDS = [
  {
    kind: 'markdown',
    options: markdownOptions,
    folderOf: ({ dir }: MarkdownOptions, { contentDir }: SourceTools) => resolve(contentDir, dir),
    load: async (name: string, options: MarkdownOptions, tools: SourceTools) =>
      (await import('./markdown.js')).markdownSource(name, options, tools),
  },
  {
    kind: 'wordpress',
    options: wordPressOptions,
    load: async (name: string, options: WordPressOptions, tools: SourceTools) =>
      (await import('./wordpress/wordpress.js')).wordPressSource(name, options, tools),
  },
  {
    kind: 'ghost',
    options: ghostOptions,
    load: async (name: string, options: GhostOptions, tools: SourceTools) =>
      (await import('./ghost/ghost.js')).ghostSource(name, options, tools),
  },
  {
    kind: 'wxr',
    options: wxrOptions,
    load: async (name: string, options: WxrOptions, tools: SourceTools) =>
      (await import('./exports/wxr.js')).wxrSource(name, options, tools),
  },
  {
    kind: 'ghost-export',
    options: ghostExportOptions,
    load: async (name: string, options: GhostExportOptions, tools: SourceTools) =>
      (await import('./exports/export-source.js')).ghostExportSource(name, options, tools),
  },
  {
    kind: 'substack',
    options: substackOptions,
    load: async (name: string, options: SubstackOptions, tools: SourceTools) =>
      (await import('./exports/export-source.js')).substackSource(name, options, tools),
  },
] as const satisfies readonly SourceKind[];

export type SourceOptions = z.infer<(typeof SOURCE_KINDS)[number]['options']>;

/** Opens a source by the kind its checked options name. Nothing is loaded or read before it is first collected. */
export function openSource(name: string, options: SourceOptions, tools: SourceTools): Source {
  const kind: SourceKind | undefined = SOURCE_KINDS.find((candidate) => candidate.kind === options.kind);
  if (kind === undefined) throw new Error(`No source of kind ${options.kind} is registered.`);
  let source: Promise<Source> | undefined;
  const loaded = () => {
    source ??= kind.load(name, options as never, tools);
    return source;
  };
  const folder = kind.folderOf?.(options as never, tools);
  return {
    name,
    ...(folder !== undefined && { folder }),
    collect: async (request) => (await loaded()).collect(request),
    bodies: async (posts, signal) => (await loaded()).bodies?.(posts, signal) ?? [],
    reread: async (path) => (await loaded()).reread?.(path),
  };
}

/** Parses in this very thread, for whoever trusts the text. */
export const parseHere: RunJob = async (job) => {
  const { parse } = await import('./parse.js');
  return { kind: 'done', result: parse(job as ParseJob) };
};

/** An editor's Markdown as clean `Html`. Throws `config.invalid` when it cannot be read. @param where its place */
export async function readMarkdown(text: string, where: string, runParse: RunJob = parseHere): Promise<Html> {
  const job: ParseJob = { kind: 'editor', text };
  const end = await runParse(job);
  const result = end.kind === 'done' ? (end.result as MarkdownResult) : end;
  if (result.kind === 'html') return result.html;
  const message = result.kind === 'too-deep' ? TOO_DEEP : unfinished(result);
  throw new GazetteError('config.invalid', message, { where, problems: [{ where, message }] });
}
