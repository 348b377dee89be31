/** Every post there is, and why it is in the issue or not. */
import type { StudioPage } from '../page.js';
import { newsletterPath } from '../paths.js';
import { type PostOutView, postOutView } from '../views/post-out-view.js';

export interface PostsView {
  readonly words: string;
  readonly total: number;
  readonly found: number;
  /** Newest first. */
  readonly posts: readonly PostOutView[];
  readonly arrangementVersion: string;
  /** Paths of the pages before and after. */
  readonly newer: string | null;
  readonly older: string | null;
}

const POSTS_PER_PAGE = 100;

export const postsPage: StudioPage<PostsView> = {
  kind: 'page',
  path: '/n/:newsletter/posts',
  template: 'posts',
  tab: 'issue',
  async view({ live }, { param, query }) {
    const issue = await live.issue(param('newsletter'));
    const words = query.get('words') ?? '';
    const { selection } = await live.everyPost(issue);
    const posts = [...selection.verdicts].reverse().map(postOutView);
    const wanted = words.trim().toLowerCase();
    const found = posts.filter(({ title, place, reason }) =>
      `${title} ${place} ${reason}`.toLowerCase().includes(wanted),
    );
    const last = Math.max(1, Math.ceil(found.length / POSTS_PER_PAGE));
    const page = Math.min(last, Math.max(1, Math.trunc(Number(query.get('page') ?? 1)) || 1));
    const pathTo = (to: number) =>
      `${newsletterPath(issue.newsletter.id)}/posts?words=${encodeURIComponent(words)}&page=${to}`;
    return {
      words,
      total: posts.length,
      found: found.length,
      posts: found.slice((page - 1) * POSTS_PER_PAGE, page * POSTS_PER_PAGE),
      arrangementVersion: issue.written?.version ?? '',
      newer: page > 1 ? pathTo(page - 1) : null,
      older: page < last ? pathTo(page + 1) : null,
    };
  },
};
