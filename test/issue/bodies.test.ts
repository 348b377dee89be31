import { expect, it } from 'vitest';
import { GazetteError } from '../../src/domain/errors.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { BodyReading, PostHead } from '../../src/domain/post.js';
import { aContext, type ContextOptions, type TestContext } from '../support/app-context.js';
import { aBody, aPost } from '../support/builders.js';

const weekly = (deps: TestContext) => deps.newsletters.get('weekly') as Newsletter;
const plan = (deps: TestContext) => deps.issues.plan({ newsletter: weekly(deps) });
const bodyOf = ({ bodyHash }: PostHead): BodyReading => ({ kind: 'body', body: aBody(`Text ${bodyHash}`) });

/** A post without its body. */
function aHead(title: string, day: number) {
  const { body: _, ...head } = aPost({
    title,
    bodyHash: title,
    publishedAt: new Date(`2026-06-${String(day).padStart(2, '0')}T08:00:00Z`),
  });
  return head;
}

/** A context whose source lists heads and is asked for bodies. */
async function aLazyContext(options: ContextOptions, answer: (post: PostHead) => BodyReading = bodyOf) {
  const deps = await aContext(options);
  const asked: string[] = [];
  Object.assign(deps.source, {
    bodies: async (posts: readonly PostHead[]) => {
      asked.push(...posts.map(({ title }) => title));
      return posts.map(answer);
    },
  });
  return { deps, asked };
}

it('Only bodies that the next issue carries are read, and each of them once', async () => {
  const posts = [aHead('Long ago', 1), aHead('First', 9), aHead('Second', 10), aHead('Third', 11)];
  const { deps, asked } = await aLazyContext({ posts, newsletter: { maxPosts: 2 } });
  await deps.issues.collect(weekly(deps));
  const { number, cutoff } = await plan(deps);
  expect([number, cutoff]).toEqual([1, deps.clock.now()]);
  await deps.issues.check({ newsletter: weekly(deps) });
  expect(asked).toEqual(['First', 'Second']);
  const report = await deps.issues.preview({ newsletter: weekly(deps) });
  expect(report.kind === 'preview' && report.text).toContain('Text First');
});

it('A body that cannot be read makes its post broken before posts are chosen, and is not tried again until it changes', async () => {
  const broken: BodyReading = { kind: 'broken', where: 'posts/first.md:7:1', message: 'Too deep.' };
  const posts = [aHead('First', 9), aHead('Second', 10), aHead('Third', 11)];
  const { deps, asked } = await aLazyContext({ posts, newsletter: { maxPosts: 2 } }, (post) =>
    post.bodyHash === 'First' ? broken : bodyOf(post),
  );
  await deps.issues.collect(weekly(deps));
  for (let times = 0; times < 2; times += 1) {
    const planned = await plan(deps);
    expect(planned.posts.map(({ title, reason }) => `${title}: ${reason}`)).toEqual([
      'First: broken(posts/first.md:7:1)',
      'Second: news',
      'Third: news',
    ]);
    await deps.issues.collect(weekly(deps));
  }
  expect(asked).toEqual(['First', 'Second', 'Third']);
  const { findings } = await deps.issues.check({ newsletter: weekly(deps) });
  expect(findings.find(({ code }) => code === 'post.broken')?.where).toBe('posts/first.md:7:1');

  deps.source.posts = posts.map((post) => (post.title === 'First' ? { ...post, bodyHash: 'Fixed' } : post));
  const planned = await plan(deps);
  expect(planned.posts.map(({ reason }) => reason)).toEqual(['news', 'news', 'held-over(limit)']);
});

it('A post that was edited since it was collected is left out until it is collected again', async () => {
  const { deps } = await aLazyContext({ posts: [aHead('First', 9), aHead('Second', 10)] }, (post) =>
    post.bodyHash === 'First' ? { kind: 'unread', where: 'posts/first.md:1:1', message: 'Changed.' } : bodyOf(post),
  );
  const titles = async () =>
    (await plan(deps)).posts.filter(({ verdict }) => verdict === 'in').map(({ title }) => title);
  expect(await titles()).toEqual(['Second']);
  deps.source.posts = [aHead('First', 9), aHead('Second', 10)].map((post) => ({ ...post, bodyHash: `${post.title}!` }));
  expect(await titles()).toEqual(['First', 'Second']);
});

it('A source that fails between collecting and drafting leaves out its posts, and says why', async () => {
  const { deps } = await aLazyContext({ posts: [aHead('First', 9)] }, () => {
    throw new GazetteError('source.failed', 'The folder does not exist.');
  });
  const { outcome, posts } = await plan(deps);
  expect(outcome).toBe('nothing-new');
  expect(posts[0]?.message).toBe('The folder does not exist.');
});

it('Posts that are too few for an issue are told as broken as well', async () => {
  const broken: BodyReading = { kind: 'broken', where: 'a.md:1:1', message: 'Too deep.' };
  const { deps } = await aLazyContext({ posts: [aHead('First', 9)], newsletter: { minPosts: 3 } }, () => broken);
  const { outcome, posts } = await plan(deps);
  expect(outcome).toBe('nothing-new');
  expect(posts[0]?.reason).toBe('broken(a.md:1:1)');
});
