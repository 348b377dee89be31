/** All that is done with foreign text before it is plain data: a pure function, so that a thread can do it. */
import { htmlFromEditor, type MarkdownResult } from './markdown-to-html.js';
import type { ReadPost, SourceFacts } from './post-reading.js';
import { readPost } from './read-post.js';

export type ParseJob =
  /** @param path within the source, with `/` */
  | { readonly kind: 'post'; readonly path: string; readonly bytes: Uint8Array; readonly facts: SourceFacts }
  /** What an editor writes into a mail. */
  | { readonly kind: 'editor'; readonly text: string };

/** Reads a file as a post, or an editor's Markdown as `Html`. */
export function parse(job: ParseJob): ReadPost | MarkdownResult {
  return job.kind === 'post' ? readPost(job.path, job.bytes, job.facts) : htmlFromEditor(job.text);
}
