/** All that is done with foreign text before it is plain data: a pure function, so that a thread can do it. */
import type { BodyReading } from '../domain/post.js';
import { htmlFromEditor, type MarkdownResult } from './markdown-to-html.js';
import type { ReadPost, SourceFacts } from './post-reading.js';
import { type ListedBody, readBody } from './read-body.js';
import { readPost } from './read-post.js';

export type ParseJob =
  /** @param path within the source, with `/` */
  | { readonly kind: 'post'; readonly path: string; readonly bytes: Uint8Array; readonly facts: SourceFacts }
  | {
      readonly kind: 'body';
      readonly path: string;
      readonly bytes: Uint8Array;
      readonly facts: SourceFacts;
      readonly listed: ListedBody;
    }
  /** What an editor writes into a mail. */
  | { readonly kind: 'editor'; readonly text: string };

/** Reads a file as a post without its body, the body alone, or an editor's Markdown as `Html`. */
export function parse(job: ParseJob): ReadPost | BodyReading | MarkdownResult {
  switch (job.kind) {
    case 'post':
      return readPost(job.path, job.bytes, job.facts);
    case 'body':
      return readBody(job.path, job.bytes, job.facts, job.listed);
    case 'editor':
      return htmlFromEditor(job.text);
  }
}
