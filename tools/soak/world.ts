/** The world the soak runs in: a blog that is read like a feed, readers that count their mails, a clock that is moved. */
import type { Source } from '../../src/domain/ports/content.js';
import type { Transport } from '../../src/domain/ports/mail.js';
import type { BrokenPost, Post } from '../../src/domain/post.js';
import { aPost, DAY_MS } from '../../test/support/builders.js';

export interface BlogPost {
  readonly post: Post;
  /** When it can first be read, in true time: some are pushed days after their date. */
  readonly visibleMs: number;
  /** When it cannot be shown for a while, in true time: its file broke, or it is a draft again. */
  readonly spoiled?: { readonly how: 'broken' | 'draft'; readonly fromMs: number; readonly untilMs: number };
}

/** Posts at random over the years, some of them late, some of them spoiled and mended. */
export function writePosts(startMs: number, endMs: number, random: () => number): readonly BlogPost[] {
  const posts: BlogPost[] = [];
  for (let at = startMs + DAY_MS; at < endMs; at += random() * 2 * DAY_MS) {
    const name = `post-${posts.length + 1}`;
    const url = `https://blog.example.org/${name}/`;
    const post = aPost({
      title: name,
      url,
      keys: { id: name, url },
      publishedAt: new Date(at),
      bodyHash: name,
      place: url,
    });
    const isLate = random() < 0.15;
    const visibleMs = at + (isLate ? random() * 10 * DAY_MS : 0);
    posts.push({ post, visibleMs, ...(random() < 0.2 && { spoiled: spoiledAfter(visibleMs, random) }) });
  }
  return posts.sort((one, other) => one.visibleMs - other.visibleMs);
}

/** Mended long before it leaves the view, and before it is too old. */
function spoiledAfter(visibleMs: number, random: () => number): NonNullable<BlogPost['spoiled']> {
  const fromMs = visibleMs + random() * 2 * DAY_MS;
  const how = random() < 0.5 ? 'broken' : 'draft';
  return { how, fromMs, untilMs: fromMs + random() * 4 * DAY_MS };
}

const VIEW_MS = 25 * DAY_MS;

/** A view of what was written lately, as a feed gives it. */
export function viewOf(posts: readonly BlogPost[], trueMs: () => number): Source {
  let from = 0;
  return {
    name: 'blog',
    collect: async () => {
      const now = trueMs();
      while ((posts[from]?.visibleMs ?? now) < now - VIEW_MS) from += 1;
      const listed: Post[] = [];
      const broken: BrokenPost[] = [];
      for (let index = from; (posts[index]?.visibleMs ?? Number.POSITIVE_INFINITY) <= now; index += 1) {
        const { post, spoiled } = posts[index] as BlogPost;
        const how = spoiled && spoiled.fromMs <= now && now < spoiled.untilMs ? spoiled.how : undefined;
        if (how === 'broken') broken.push({ source: 'blog', keys: post.keys, where: post.place, message: 'no date' });
        else listed.push(how === 'draft' ? { ...post, draft: true } : post);
      }
      return { source: 'blog', posts: listed, broken, complete: false };
    },
  };
}

/** A server that takes everything while the sending process lives, and counts. */
export function countingWire(isDead: () => boolean): Transport & { readonly taken: Map<string, number> } {
  const taken = new Map<string, number>();
  return {
    taken,
    connections: 2,
    local: true,
    description: 'counted',
    open: () => ({
      send: async ({ messageId, envelope }) => {
        if (isDead()) throw new Error('dead');
        const key = `${messageId} ${envelope.to}`;
        taken.set(key, (taken.get(key) ?? 0) + 1);
        return { kind: 'accepted', reply: { code: 250, text: '250 Ok' } };
      },
      close: async () => undefined,
    }),
    close: async () => undefined,
  };
}
