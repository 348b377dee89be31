/** The kinds of source there are. A new kind is one new file, named in the two lists below. */
import { z } from 'zod';
import type { Source } from '../domain/ports.js';
import { markdownOptions, markdownSource, type SourceTools } from './markdown.js';

export {
  type MarkdownOptions,
  type MarkdownSource,
  markdownOptions,
  markdownSource,
  type SourceTools,
} from './markdown.js';
export type { ReadPost } from './read-post.js';

export const SOURCE_KINDS = [{ kind: 'markdown', options: markdownOptions, open: markdownSource }] as const;

/** An entry of content/sources.yaml, told apart by its `kind`. */
export const sourceOptions = z.discriminatedUnion('kind', [markdownOptions]);

export type SourceOptions = z.infer<typeof sourceOptions>;

/** Opens a source by the kind its checked options name. */
export function openSource(name: string, options: SourceOptions, tools: SourceTools): Source {
  const kind = SOURCE_KINDS.find((candidate) => candidate.kind === options.kind);
  if (kind === undefined) throw new Error(`No source of kind ${options.kind} is registered.`);
  return kind.open(name, options, tools);
}
