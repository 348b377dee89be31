import { describe, expect, it } from 'vitest';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { CollectRequest } from '../../src/domain/ports/content.js';
import type { BrokenPost, Post } from '../../src/domain/post.js';
import { rememberView } from '../../src/issue/remember.js';
import { aContext, type TestContext } from '../support/app-context.js';
import { aPost, DAY_MS } from '../support/builders.js';

const weekly = (deps: TestContext) => deps.newsletters.get('weekly') as Newsletter;
const collect = (deps: TestContext) => deps.issues.collect(weekly(deps));
const plan = (deps: TestContext) => deps.issues.plan({ newsletter: weekly(deps) });
const at = (day: number) => new Date(`2026-06-${String(day).padStart(2, '0')}T08:00:00Z`);

/** A context whose source names its listing; how it answered is counted, and so are scratch copies. */
async function aListedContext(posts: readonly Post[], broken: readonly BrokenPost[] = []) {
  const deps = await aContext({ posts });
  const counted = { whole: 0, unchanged: 0, scratches: 0 };
  deps.source.broken = broken;
  deps.source.collect = async ({ listing }: CollectRequest) => {
    const common = { source: 'blog', complete: true };
    const name = JSON.stringify(deps.source.posts);
    if (listing === name) {
      counted.unchanged += 1;
      return { ...common, posts: [], broken: [], isUnchanged: true };
    }
    counted.whole += 1;
    return { ...common, posts: deps.source.posts, broken: deps.source.broken, listing: name };
  };
  const open = deps.store.draftScratch.bind(deps.store);
  deps.store.draftScratch = async () => {
    counted.scratches += 1;
    return open();
  };
  return { deps, counted };
}

describe('a source in which nothing has changed', () => {
  it('costs a plan neither a reading nor a copy of the store, and its broken files are told again', async () => {
    const broken = { source: 'blog', keys: { path: 'b.md' }, where: 'posts/b.md:2:1', message: 'No.' };
    const { deps, counted } = await aListedContext([aPost({ publishedAt: at(10) })], [broken]);
    await collect(deps);
    const planned = await plan(deps);
    expect(planned.posts.map(({ reason }) => reason)).toEqual(['news', 'broken(posts/b.md:2:1)']);
    expect(await collect(deps)).toMatchObject({ broken: [broken] });
    expect(counted).toEqual({ whole: 1, unchanged: 2, scratches: 0 });
  });

  it('is looked at over a scratch copy when something has changed', async () => {
    const { deps, counted } = await aListedContext([aPost({ publishedAt: at(10) })]);
    await collect(deps);
    deps.source.posts.push(aPost({ publishedAt: at(11) }));
    expect((await plan(deps)).posts).toHaveLength(2);
    expect(counted).toEqual({ whole: 2, unchanged: 0, scratches: 1 });
    expect((await deps.store.posts.known(['blog'])).posts).toHaveLength(1);
  });

  it('still has posts that become news when their time comes', async () => {
    const { deps, counted } = await aListedContext([
      aPost({ publishedAt: at(16) }),
      aPost({ publishedAt: at(17), draft: true }),
    ]);
    await collect(deps);
    deps.clock.advance(2 * DAY_MS);
    expect((await plan(deps)).posts.map(({ reason }) => reason)).toEqual(['news', 'draft']);
    await collect(deps);
    const { posts } = await deps.store.posts.known(['blog']);
    expect(posts.map(({ newsAt }) => newsAt)).toEqual([deps.clock.now(), undefined]);
    expect(counted).toEqual({ whole: 1, unchanged: 2, scratches: 1 });
  });

  it('is listed whole again while a listing is not believed, and when a person accepts withdrawals', async () => {
    const posts = Array.from({ length: 6 }, () => aPost({ publishedAt: at(10) }));
    const { deps, counted } = await aListedContext(posts);
    await collect(deps);
    deps.source.posts = posts.slice(0, 1);
    for (let look = 0; look < 3; look += 1) {
      deps.clock.advance(3_600_000);
      await collect(deps);
    }
    const gone = (await deps.store.posts.known(['blog'])).posts.filter(({ withdrawnAt }) => withdrawnAt);
    expect([gone.length, counted.whole]).toEqual([5, 4]);
    await deps.issues.acceptWithdrawals('blog', ['anything']);
    expect(counted).toEqual({ whole: 5, unchanged: 0, scratches: 0 });
  });

  it('is listed whole again after a single file of it was remembered', async () => {
    const post = aPost({ publishedAt: at(10) });
    const { deps, counted } = await aListedContext([post]);
    await collect(deps);
    const view = { source: 'blog', posts: [{ ...post, title: 'Edited' }], broken: [], complete: false };
    await rememberView(deps.issues.collecting, view, deps.clock.now());
    await collect(deps);
    expect(counted.whole).toBe(2);
    expect((await deps.store.posts.known(['blog'])).posts[0]?.post.title).toBe(post.title);
  });
});
