import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/domain/ports/storage.js';
import { aBody, aPost } from '../support/builders.js';
import { ACCEPTED, aReader, begun, frozen, listed, NOON, settled } from '../support/store-plans.js';
import type { Opened } from './store.contract.js';

/** Everything the ports show as memory. */
async function shownBy(store: Store) {
  return {
    posts: await store.posts.known(['blog']),
    bodies: await store.posts.bodies(['a']),
    memory: await store.ledger.memory('weekly'),
    issues: await store.ledger.issues(),
    skips: await store.ledger.skips('weekly'),
    readers: await listed(store.audience.list()),
    groups: await store.audience.groups('weekly', NOON),
  };
}

async function fill(store: Store): Promise<void> {
  await store.posts.save({
    source: 'blog',
    collectedAt: NOON,
    seen: [{ uid: 'a', post: aPost(), newsAt: NOON }],
    withdrawn: [],
    broken: [],
  });
  const readers = Array.from({ length: 1_234 }, (_, index) => aReader(`reader-${index}`));
  await store.audience.add('weekly', [...readers, aReader('ann', { preferences: ['software'] })], NOON);
  await store.audience.suppress('ann@example.org', 'manual', NOON);
  await frozen(store, { outcomes: [{ uid: 'a', outcome: { kind: 'carried', issue: 1 } }] });
  const { head } = await store.ledger.memory('weekly');
  const at = new Date('2026-07-01T00:00:00Z');
  const skip = { newsletter: 'weekly', occurrence: at, cutoff: at, outcome: 'nothing-new', recordedAt: at } as const;
  await store.ledger.recordSkip(skip, [], head);
}

export function scratchContract(store: Opened): void {
  describe('a scratch store', () => {
    it('remembers all that its origin does', async () => {
      await fill(store());
      const scratch = await store().scratch();
      expect(await shownBy(scratch)).toEqual(await shownBy(store()));
      await scratch.close();
    });

    it('to draft over has no readers, and shares bodies and looks with its origin', async () => {
      await fill(store());
      const scratch = await store().draftScratch();
      const { readers, groups, ...shown } = await shownBy(scratch);
      const { readers: _, groups: __, ...origin } = await shownBy(store());
      expect([readers, groups, shown]).toEqual([[], [], origin]);
      await scratch.posts.keepBodies(new Map([['a', { key: 'new', body: aBody('New') }]]));
      expect((await scratch.posts.bodies(['a'])).get('a')?.key).toBe('new');
      expect(await store().posts.bodies(['a'])).toEqual(origin.bodies);
      await scratch.looks.of('blog').keep(new Map([['a.md', { version: '1', hash: '1', reading: 1 }]]), []);
      expect((await store().looks.of('blog').read()).size).toBe(1);
      await scratch.close();
    });

    it('takes a whole issue without its origin noticing', async () => {
      await fill(store());
      const before = await shownBy(store());
      const scratch = await store().scratch();
      const issue = await frozen(scratch, { outcomes: [{ uid: 'b', outcome: { kind: 'carried', issue: 2 } }] });
      await settled(scratch, await begun(scratch, issue), ACCEPTED);
      await scratch.audience.add('weekly', [aReader('new')], NOON);
      expect(await scratch.ledger.counts(issue.id)).toMatchObject({ accepted: 100, all: 1_235 });
      const copyOfCopy = await scratch.scratch();
      expect(await copyOfCopy.ledger.issues()).toHaveLength(2);
      await copyOfCopy.close();
      await scratch.close();
      expect(await shownBy(store())).toEqual(before);
    });
  });
}
