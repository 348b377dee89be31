import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeDigest, composePosts } from '../../src/compose/compose-digest.js';
import { type Arrangement, movedTo } from '../../src/domain/arrangement.js';
import { OTHER, sectionsOf } from '../../src/domain/category.js';
import type { Messages } from '../../src/domain/ports/content.js';
import type { KnownPost } from '../../src/domain/post.js';
import type { PostOutcome } from '../../src/domain/selection.js';
import { selectPosts } from '../../src/select/select-posts.js';
import { aCategory, aKnownPost, aNewsletter } from '../support/builders.js';

const SINCE = new Date('2026-06-08T07:00:00Z');
const UNTIL = new Date('2026-06-15T07:00:00Z');
const KEYS = ['chemistry', 'software', 'reading'];
const newsletter = aNewsletter({ categories: KEYS.map(aCategory), maxPosts: 6 });
const messages: Messages = { language: 'en', catalogue: 'en', direction: 'ltr', say: (key) => key };

/** Posts before, in and after the window, some of which must not go out. */
const posts = fc.array(
  fc.record({
    day: fc.integer({ min: 1, max: 20 }),
    draft: fc.boolean(),
    withdrawn: fc.boolean(),
    carried: fc.boolean(),
    categories: fc.subarray(KEYS),
  }),
  { maxLength: 14 },
);

const ids = fc.uniqueArray(
  fc.integer({ min: 0, max: 16 }).map((index) => `post-${index}`),
  { maxLength: 8 },
);

/** Any arrangement, of posts that are there and of posts that are not. */
const arrangements: fc.Arbitrary<Arrangement> = fc.record({
  pinned: ids,
  excluded: ids,
  added: ids,
  order: ids,
  sections: fc.dictionary(
    fc.integer({ min: 0, max: 16 }).map((index) => `post-${index}`),
    fc.constantFrom(...KEYS, OTHER),
  ),
});

function draw(drawn: readonly { day: number; draft: boolean; withdrawn: boolean; categories: string[] }[]) {
  return drawn.map(({ day, draft, withdrawn, categories }, index): KnownPost => {
    const publishedAt = new Date(Date.UTC(2026, 5, day, 8));
    const keys = { id: `post-${index}`, path: `${index}.md` };
    const known = aKnownPost({ uid: `uid-${index}`, keys, publishedAt, draft, categories, newsAt: publishedAt });
    return withdrawn ? { ...known, withdrawnAt: SINCE } : known;
  });
}

const idOf = ({ post }: KnownPost) => post.keys.id as string;

describe('Whatever an editor arranges', () => {
  it('no post is lost or comes twice, none goes out that must not, and the order is theirs', () => {
    fc.assert(
      fc.property(posts, arrangements, fc.option(fc.subarray([...KEYS, OTHER])), (drawn, arrangement, preferences) => {
        const known = draw(drawn);
        const outcomes = new Map<string, PostOutcome>(
          drawn.flatMap(({ carried }, index) =>
            carried ? [[`uid-${index}`, { kind: 'carried', issue: 1 } as const] as const] : [],
          ),
        );
        const window = { since: SINCE, until: UNTIL };
        const selection = selectPosts({ newsletter, posts: known, outcomes, window, arrangement });
        const chosen = selection.chosen.map(idOf);
        for (const { known: each, in: isIn } of selection.verdicts) {
          if (!isIn) expect(chosen).not.toContain(idOf(each));
          const mustNot =
            each.withdrawnAt !== undefined ||
            each.post.draft ||
            each.post.publishedAt > UNTIL ||
            outcomes.has(each.uid) ||
            arrangement.excluded.includes(idOf(each));
          if (mustNot) expect(chosen).not.toContain(idOf(each));
        }
        expect(selection.verdicts.filter((verdict) => verdict.in)).toHaveLength(chosen.length);

        const bodies = new Map();
        const composed = composePosts({ newsletter, chosen: selection.chosen, bodies, arrangement });
        const digest = (who: readonly string[] | undefined) =>
          composeDigest(composed, newsletter, who, messages, 0).sections;
        const full = digest(undefined).flatMap((section) => section.posts.map(({ id }) => id));
        expect([...full].sort()).toEqual([...chosen].sort());

        for (const { key, posts: shown } of digest(preferences ?? undefined)) {
          const ranks = shown.map(({ id }) => rankOf(arrangement, id));
          expect(ranks).toEqual([...ranks].sort((one, other) => one - other));
          for (const { id } of shown) {
            const own = sectionsOf(
              selection.chosen.find((each) => idOf(each) === id)?.post.categories ?? [],
              newsletter.categories,
            );
            expect([movedTo(arrangement, id), ...own]).toContain(key);
          }
        }
        const some = digest(preferences ?? undefined).flatMap((section) => section.posts.map(({ id }) => id));
        expect(new Set(some).size).toBe(some.length);
        const wished = selection.chosen.filter((each) => {
          const own = sectionsOf(each.post.categories, newsletter.categories);
          const moved = movedTo(arrangement, idOf(each));
          return !preferences || [...own, ...(moved ? [moved] : [])].some((key) => preferences.includes(key));
        });
        expect([...some].sort()).toEqual(wished.map(idOf).sort());
      }),
      { numRuns: 300 },
    );
  });
});

function rankOf({ pinned, order }: Arrangement, id: string): number {
  const pin = pinned.indexOf(id);
  if (pin >= 0) return pin;
  const place = order.indexOf(id);
  return pinned.length + (place >= 0 ? place : order.length);
}
