/** A plan for many groups is kept for the next draft: it must be used only where nothing it rests on has changed. */
import { expect, it } from 'vitest';
import type { ReaderGroup } from '../../src/domain/ports/ledger.js';
import type { Draft } from '../../src/issue/draft.js';
import { openEditions } from '../../src/issue/editions.js';
import { aContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';
import { plainRenderer } from '../support/plain-renderer.js';

const PUBLISHED = new Date('2026-06-10T09:00:00Z');
/** Enough to be kept. */
const GROUPS: readonly ReaderGroup[] = Array.from({ length: 150 }, (_, nth) => ({
  preferences: ['chemistry', 'software', 'chemistry,software', 'other'][nth % 4] ?? '',
  ...(nth % 3 === 0 && { language: 'de' }),
  ...(nth % 5 === 0 && { alreadySent: { key: 'first', uids: [] } }),
}));

async function aDraft() {
  const posts = ['chemistry', 'software', 'software'].map((category, nth) =>
    aPost({ keys: { id: `${nth}`, path: `${nth}.md` }, categories: [category], publishedAt: PUBLISHED }),
  );
  const deps = await aContext({ posts, renderer: plainRenderer });
  const newsletter = deps.newsletters.get('weekly');
  if (!newsletter) throw new Error('There is no newsletter.');
  await deps.issues.collect(newsletter);
  const { draft } = await deps.issues.nextIssues.next(newsletter, deps.clock.now());
  return { deps, draft };
}

/** The same posts after a save: other objects, another text. */
function saved(draft: Draft): Draft {
  const chosen = draft.compose.chosen.map((known) => ({ ...known, post: { ...known.post, title: 'Saved' } }));
  return { ...draft, compose: { ...draft.compose, chosen } };
}

type Change = readonly [
  string,
  (draft: Draft, groups: readonly ReaderGroup[]) => readonly [Draft, readonly ReaderGroup[]],
];

const CHANGES: readonly Change[] = [
  ['nothing', (draft, groups) => [draft, groups]],
  ['a text', (draft, groups) => [saved(draft), groups.map((group) => ({ ...group }))]],
  [
    'a post is gone',
    (draft, groups) => [{ ...draft, compose: { ...draft.compose, chosen: draft.compose.chosen.slice(1) } }, groups],
  ],
  [
    'a category',
    (draft, groups) => {
      const [first, ...others] = draft.compose.chosen;
      if (!first) throw new Error('There are no posts.');
      const chosen = [{ ...first, post: { ...first.post, categories: ['other'] } }, ...others];
      return [{ ...draft, compose: { ...draft.compose, chosen } }, groups];
    },
  ],
  [
    'the order of posts',
    (draft, groups) => [
      {
        ...draft,
        compose: { ...draft.compose, arrangement: { ...draft.compose.arrangement, order: ['2', '1', '0'] } },
      },
      groups,
    ],
  ],
  ['a reader’s choice', (draft, groups) => [draft, [{ preferences: 'chemistry,other' }, ...groups.slice(1)]]],
  [
    'a reader’s language',
    (draft, groups) => [draft, [{ ...groups[0], preferences: 'other', language: 'fr' }, ...groups.slice(1)]],
  ],
  ['the order of groups', (draft, groups) => [draft, [...groups].reverse()]],
  ['one group less', (draft, groups) => [draft, groups.slice(1)]],
  [
    'what was sent already',
    (draft, groups) => [
      draft,
      groups.map((group) =>
        group.alreadySent
          ? { ...group, alreadySent: { key: 'second', uids: [draft.compose.chosen[0]?.uid ?? ''] } }
          : group,
      ),
    ],
  ],
  [
    'the newsletter',
    (draft, groups) => [
      { ...draft, newsletter: { ...draft.newsletter, categories: draft.newsletter.categories.slice(1) } },
      groups,
    ],
  ],
];

it.each(CHANGES)('after a change of %s a plan is the one that would be made anew', async (_name, change) => {
  const { deps, draft } = await aDraft();
  const kept = openEditions(deps);
  await kept.plan(draft, GROUPS);
  const [changed, groups] = change(draft, GROUPS);
  const plan = await kept.plan(changed, groups);
  expect(plan).toEqual(await openEditions(deps).plan(changed, groups));
  expect(plan.routes.map(({ group }) => group)).toEqual(groups);
  expect(plan.editions.length).toBeGreaterThan(1);
});

it('a saved text makes no new plan, and one group that is looked up in between changes nothing', async () => {
  const { deps, draft } = await aDraft();
  const kept = openEditions(deps);
  const before = await kept.plan(draft, GROUPS);
  await kept.plan(draft, GROUPS.slice(0, 1));
  const after = await kept.plan(saved(draft), GROUPS);
  expect(after.editions[0]).toBe(before.editions[0]);
  expect(after.full.sections[0]?.posts[0]?.title).toBe('Saved');
});
