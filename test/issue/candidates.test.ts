import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import type { Post } from '../../src/domain/post.js';
import { aContext, handSource } from '../support/app-context.js';
import { aPost, DAY_MS } from '../support/builders.js';
import { ROOT } from '../support/config-files.js';
import { runs } from '../support/runs.js';

const START = new Date('2026-06-01T00:00:00Z');

/** Posts of two sources over five weeks; some stand in both, some expire, some are drafts, some are seen late. */
const posts = fc.uniqueArray(
  fc.record({
    day: fc.integer({ min: -10, max: 35 }),
    seenLate: fc.integer({ min: 0, max: 20 }),
    url: fc.integer({ min: 1, max: 16 }),
    source: fc.constantFrom('blog', 'notes'),
    draft: fc.boolean(),
    expires: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
  }),
  { maxLength: 25, selector: ({ source, url }) => `${source} ${url}` },
);

/** What an editor arranged for each week: posts by the number in their URL, no post in two lists. */
const weeks = fc.array(
  fc.shuffledSubarray(
    Array.from({ length: 16 }, (_, index) => index + 1),
    { maxLength: 6 },
  ),
  { minLength: 6, maxLength: 6 },
);

function arrangementOf(numbers: readonly number[]): string {
  const lists = ['leftOut', 'broughtIn', 'pinned'].map((list, place) => {
    const urls = numbers.filter((_, index) => index % 3 === place).map((url) => `https://blog.example.org/${url}/`);
    return `${list}: ${JSON.stringify(urls)}\n`;
  });
  return lists.join('');
}

describe('An issue drafted from its candidates alone', () => {
  it('is the one that is drafted from every post there is', async () => {
    await fc.assert(
      fc.asyncProperty(posts, fc.integer({ min: 1, max: 4 }), weeks, async (drawn, maxPosts, arranged) => {
        const deps = await aContext({
          newsletter: {
            maxPosts,
            minPosts: Math.min(2, maxPosts),
            sources: [
              { name: 'blog', only: [], except: [] },
              { name: 'notes', only: [], except: [] },
            ],
          },
          now: START,
        });
        const notes = handSource([], 'notes');
        const [newsletter] = deps.newsletters.values();
        const world = openUseCases({ ...deps, sources: new Map([...deps.sources, ['notes', notes] as const]) });
        const all = drawn.map(({ day, seenLate, url, source, draft, expires }, index) => {
          const publishedAt = new Date(START.getTime() + day * DAY_MS);
          const keys = { path: `${index}.md`, url: `https://blog.example.org/${url}/` };
          const expiry = expires === undefined ? {} : { expiresAt: new Date(publishedAt.getTime() + expires * DAY_MS) };
          const post: Post = aPost({
            source,
            keys,
            url: keys.url,
            publishedAt,
            draft,
            bodyHash: `b${index}`,
            ...expiry,
          });
          return { post, seenDay: day + seenLate };
        });
        for (let day = 0; day <= 35; day += 7) {
          if (!newsletter) throw new Error('no newsletter');
          deps.clock.set(new Date(START.getTime() + day * DAY_MS + 7 * 3_600_000));
          const seen = all.filter(({ seenDay }) => seenDay <= day).map(({ post }) => post);
          deps.source.posts = seen.filter(({ source }) => source === 'blog');
          const date = deps.clock.now().toISOString().slice(0, 10);
          const file = `${ROOT}/content/issues/weekly/${date}.yaml`;
          await deps.live.write(file, arrangementOf(arranged[day / 7] ?? []));
          notes.posts = seen.filter(({ source }) => source === 'notes');
          await world.issues.collect(newsletter);
          const target = { occurrence: deps.clock.now(), cutoff: deps.clock.now(), manual: false };
          const whole = await world.issues.drafts.draft(newsletter, target, { everyPost: true });
          const narrow = await world.issues.drafts.draft(newsletter, target);
          const uids = (draft: typeof whole) => draft.selection.chosen.map(({ uid }) => uid);
          expect(uids(narrow)).toEqual(uids(whole));
          expect(narrow.selection.outcome).toBe(whole.selection.outcome);
          expect(narrow.selection.carriedOver).toBe(whole.selection.carriedOver);
          expect(narrow.window).toEqual(whole.window);
          expect(narrow.arrangement).toEqual(whole.arrangement);
          await world.operate.publishDue(newsletter);
        }
        await deps.store.close();
      }),
      { numRuns: runs(5) },
    );
  });
});
