/** What an editor should know of the reading of a feed. */
import type { SourceNote } from '../../domain/post.js';
import type { FeedMemory } from './feed-memory.js';
import type { FeedPage } from './feed-web.js';
import { MOST_ITEMS } from './read-feed.js';

export interface FeedFindings {
  readonly page: FeedPage;
  readonly memory: FeedMemory | undefined;
  readonly moved: FeedMemory['moved'];
  readonly gap: 'none' | 'closed' | 'open';
  /** How many of its items have no date. */
  readonly undated: number;
}

/** One note for each thing. */
export function notesOn({ page, memory, moved, gap, undated }: FeedFindings): readonly SourceNote[] {
  const { items, isOver } = page.document;
  return [
    ...(gap === 'open' && memory ? [gapNote(new Date(memory.readAt))] : []),
    ...(moved
      ? [note(`The feed has moved for good to ${moved.to}.`, 'Write that address in content/sources.yaml.')]
      : []),
    ...(undated > 0 ? [undatedNote(undated)] : []),
    ...(items.length >= MOST_ITEMS
      ? [note(`Only the first ${MOST_ITEMS} posts of the feed are read.`, 'Ask its owner for a shorter one.')]
      : []),
    ...(isOver
      ? [note('The feed says that nothing will be added to it any more.', 'Look where the blog goes on.')]
      : []),
  ];
}

function note(text: string, fix: string): SourceNote {
  return { kind: 'reading', text, fix };
}

function gapNote(readAt: Date): SourceNote {
  const since = `${readAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return note(
    `The feed shows none of the posts that it showed at ${since}, so posts in between may be missing. It is read more often now.`,
    'Ask its owner to let it show more posts.',
  );
}

function undatedNote(count: number): SourceNote {
  const posts = count === 1 ? 'One post has' : `${count} posts have`;
  return note(
    `${posts} no date in the feed, so they count as published when they were first seen.`,
    'Ask its owner to add dates.',
  );
}
