/** The kinds of source there are. A new kind is its files and one line in `SOURCE_KINDS`. */
import { z } from 'zod';
import type { Source } from '../domain/ports.js';
import { type MarkdownOptions, markdownOptions } from './markdown-options.js';
import type { SourceTools } from './source-tools.js';

export type { MarkdownOptions } from './markdown-options.js';
export type { SourceTools } from './source-tools.js';

/** `load` brings the code of a kind: a command that reads no posts loads no parser. */
export const SOURCE_KINDS = [
  {
    kind: 'markdown',
    options: markdownOptions,
    load: async (name: string, options: MarkdownOptions, tools: SourceTools): Promise<Source> =>
      (await import('./markdown.js')).markdownSource(name, options, tools),
  },
] as const;

/** An entry of content/sources.yaml, told apart by its `kind`. */
export const sourceOptions = z.discriminatedUnion('kind', [markdownOptions]);

export type SourceOptions = z.infer<typeof sourceOptions>;

/** Opens a source by the kind its checked options name. Nothing is loaded or read before it is first collected. */
export function openSource(name: string, options: SourceOptions, tools: SourceTools): Source {
  const kind = SOURCE_KINDS.find((candidate) => candidate.kind === options.kind);
  if (kind === undefined) throw new Error(`No source of kind ${options.kind} is registered.`);
  let source: Promise<Source> | undefined;
  return {
    name,
    collect: async (signal) => {
      source ??= kind.load(name, options, tools);
      return (await source).collect(signal);
    },
  };
}
