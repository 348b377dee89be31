/** All that is done with foreign text before it is plain data: a pure function, so that a thread can do it. */
import { type ExportJob, readExport } from './exports/read-export.js';
import { type FeedJob, readFeedJob } from './feed/feed-job.js';
import { bodiesFrom as ghostBodiesFrom } from './ghost/ghost-body.js';
import { type GhostFacts, headsFrom as ghostHeadsFrom } from './ghost/ghost-head.js';
import { htmlFromEditor } from './markdown-to-html.js';
import type { SourceFacts } from './post-reading.js';
import { type ListedBody, readBody } from './read-body.js';
import { readOmissions } from './read-omissions.js';
import { readPost } from './read-post.js';
import { bodiesFrom as wordPressBodiesFrom } from './wordpress/wordpress-body.js';
import { type WordPressFacts, headsFrom as wordPressHeadsFrom } from './wordpress/wordpress-head.js';

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
  | {
      readonly kind: 'wordpress-heads';
      readonly bytes: Uint8Array;
      readonly type: string;
      readonly facts: WordPressFacts;
    }
  | { readonly kind: 'wordpress-bodies'; readonly bytes: Uint8Array; readonly type: string }
  | { readonly kind: 'ghost-heads'; readonly bytes: Uint8Array; readonly type: string; readonly facts: GhostFacts }
  | { readonly kind: 'ghost-bodies'; readonly bytes: Uint8Array; readonly type: string }
  | ExportJob
  | FeedJob
  | {
      readonly kind: 'omissions';
      readonly path: string;
      readonly bytes: Uint8Array;
      readonly facts: SourceFacts;
      readonly listed: Pick<ListedBody, 'url' | 'links'>;
    }
  /** What an editor writes into a mail. */
  | { readonly kind: 'editor'; readonly text: string };

/** Does one of these jobs; what comes of it is for the source that asked. */
export function parse(job: ParseJob): unknown {
  switch (job.kind) {
    case 'post':
      return readPost(job.path, job.bytes, job.facts);
    case 'body':
      return readBody(job.path, job.bytes, job.facts, job.listed);
    case 'feed':
    case 'feed-item':
      return readFeedJob(job);
    case 'wordpress-heads':
      return wordPressHeadsFrom(job.bytes, job.type, job.facts);
    case 'wordpress-bodies':
      return wordPressBodiesFrom(job.bytes, job.type);
    case 'ghost-heads':
      return ghostHeadsFrom(job.bytes, job.type, job.facts);
    case 'ghost-bodies':
      return ghostBodiesFrom(job.bytes, job.type);
    case 'export':
      return readExport(job);
    case 'omissions':
      return readOmissions(job.path, job.bytes, job.facts, job.listed);
    case 'editor':
      return htmlFromEditor(job.text);
  }
}
