/** Posts that break, go back to draft, move to the future and are mended, between the cut-offs of two newsletters. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { Post } from '../../src/domain/post.js';
import { aContext, addReaders } from '../support/app-context.js';
import { aNewsletter, aPost, DAY_MS } from '../support/builders.js';
import { plainRenderer } from '../support/plain-renderer.js';
import { runs } from '../support/runs.js';

/** A Tuesday, at noon in London. */
const START_MS = Date.parse('2026-06-09T11:00:00Z');
const DAYS = 35;
const STATES = ['shown', 'shown', 'draft', 'broken', 'future'] as const;
type State = (typeof STATES)[number];

const NEWSLETTERS: readonly Newsletter[] = [
  aNewsletter({ id: 'weekly', schedule: '0 8 * * 1', maxAgeMs: 365 * DAY_MS }),
  aNewsletter({ id: 'daily', schedule: '0 8 * * *', maxAgeMs: 365 * DAY_MS }),
];
const isDue = ({ id }: Newsletter, day: number) => day > 0 && (id === 'daily' || day % 7 === 6);

interface Story {
  readonly post: Post;
  /** The day it is written; what was there before the first collection is the archive. */
  readonly writtenOn: number;
  readonly changes: ReadonlyMap<number, State>;
}

const story = fc.record({
  writtenOn: fc.oneof(fc.constant(-1), fc.integer({ min: 1, max: DAYS - 15 })),
  changes: fc.array(fc.tuple(fc.integer({ min: 0, max: DAYS - 8 }), fc.constantFrom(...STATES)), { maxLength: 8 }),
});

function stateOn(day: number, { writtenOn, changes }: Story): State | undefined {
  if (day < writtenOn) return undefined;
  let state: State = 'shown';
  for (let at = Math.max(0, writtenOn); at <= day; at += 1) state = changes.get(at) ?? state;
  // At the end everything is mended, so that everything has had its cut-off.
  return day > DAYS - 8 ? 'shown' : state;
}

it('Each newsletter carries a post at the first of its cut-offs that could show it, once, and none of the archive', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(story, { minLength: 1, maxLength: 4 }), async (given) => {
      const stories = given.map(({ writtenOn, changes }): Story => {
        const writtenMs = writtenOn < 0 ? START_MS - 40 * DAY_MS : START_MS + writtenOn * DAY_MS;
        return { post: aPost({ publishedAt: new Date(writtenMs) }), writtenOn, changes: new Map(changes) };
      });
      const deps = await aContext({ now: new Date(START_MS), renderer: plainRenderer });
      for (const { id } of NEWSLETTERS) await addReaders(deps, [{}], id);
      const show = (day: number) => {
        const on = stories.map((each) => ({ post: each.post, state: stateOn(day, each) }));
        deps.source.posts = on.flatMap(({ post, state }) => {
          if (state === undefined || state === 'broken') return [];
          const publishedAt = state === 'future' ? new Date(START_MS + 400 * DAY_MS) : post.publishedAt;
          return [{ ...post, draft: state === 'draft', publishedAt }];
        });
        deps.source.broken = on.flatMap(({ post, state }) =>
          state === 'broken' ? [{ source: 'blog', keys: post.keys, where: `${post.place}:1:1`, message: '' }] : [],
        );
      };
      const expected = new Map<string, number>();
      // The archive is there, whole, before anything happens to it.
      deps.source.posts = stories.flatMap(({ post, writtenOn }) => (writtenOn < 0 ? [post] : []));
      for (const newsletter of NEWSLETTERS) await deps.operate.publishDue(newsletter);
      await deps.issues.collect(NEWSLETTERS[0] as Newsletter);
      for (let day = 0; day <= DAYS; day += 1) {
        // The state of yesterday afternoon is what the morning's cut-off finds.
        deps.clock.set(new Date(START_MS + day * DAY_MS - 4 * 3_600_000));
        for (const newsletter of NEWSLETTERS.filter((each) => isDue(each, day))) {
          await deps.operate.publishDue(newsletter);
          for (const each of stories) {
            const key = `${newsletter.id} ${each.post.title}`;
            if (each.writtenOn >= 0 && stateOn(day - 1, each) === 'shown' && !expected.has(key)) expected.set(key, day);
          }
        }
        deps.clock.set(new Date(START_MS + day * DAY_MS));
        show(day);
        await deps.issues.collect(NEWSLETTERS[0] as Newsletter);
      }
      const carried = (await deps.store.ledger.issues()).flatMap(({ newsletter, occurrence, posts }) => {
        const day = Math.round((occurrence.getTime() - START_MS) / DAY_MS + 1 / 6);
        return posts.map(({ title }) => [`${newsletter} ${title}`, day] as const);
      });
      expect(carried.map(([key, day]) => `${key} on day ${day}`).sort()).toEqual(
        [...expected].map(([key, day]) => `${key} on day ${day}`).sort(),
      );
      await deps.store.close();
    }),
    { numRuns: runs(5) },
  );
});
