import { describe, expect, it } from 'vitest';
import { aReader, listed, NOON } from '../support/store-plans.js';
import type { Opened } from './store.contract.js';

export function ownWordContract(store: Opened): void {
  const ann = async () => {
    await store().audience.add('weekly', [aReader('ann', { preferences: ['software'] })], NOON);
    return (await store().audience.find('ann@example.org'))?.subscriber.id ?? 0;
  };
  const consent = { source: 'preferences', at: NOON };

  describe('a person, by their own word', () => {
    it('is found by their number, and gone once erased', async () => {
      const id = await ann();
      expect(await store().audience.person(id)).toMatchObject({
        subscriber: { address: 'ann@example.org' },
        addressKey: 'ann@example.org',
        subscriptions: [{ newsletter: 'weekly', preferences: ['software'] }],
      });
      await store().audience.erase(id, 'erased:1', NOON);
      expect(await store().audience.person(id)).toBeUndefined();
      expect(await store().audience.subscribe('weekly', id, { preferences: undefined, consent })).toBe(false);
      expect(await store().audience.describe(id, { name: 'Ann', language: 'de' })).toBe(false);
      expect(await store().audience.suppression('erased:1')).toBe('erased');
    });

    it('comes back to a newsletter they had left, and joins another', async () => {
      const id = await ann();
      await store().audience.unsubscribe('weekly', id);
      expect(await store().audience.subscribe('weekly', id, { preferences: ['chemistry'], consent })).toBe(true);
      expect(await store().audience.subscribe('monthly', id, { preferences: undefined, consent })).toBe(true);
      expect((await store().audience.person(id))?.subscriptions).toMatchObject([
        { newsletter: 'monthly', state: 'active', preferences: undefined, consent },
        { newsletter: 'weekly', state: 'active', preferences: ['chemistry'], consent },
      ]);
    });

    it('is undefined for an unknown number', async () => {
      expect(await store().audience.person(77)).toBeUndefined();
      expect(await store().audience.subscribe('weekly', 77, { preferences: undefined, consent })).toBe(false);
    });

    it('leaves together with many others at one moment, each counted once', async () => {
      const names = Array.from({ length: 40 }, (_, index) => `r${index}`);
      await store().audience.add(
        'weekly',
        names.map((name) => aReader(name)),
        NOON,
      );
      const ids = (await listed(store().audience.list('weekly'))).map(({ subscriber }) => subscriber.id);
      const left = await Promise.all([...ids, ...ids].map((id) => store().audience.unsubscribe('weekly', id)));
      expect(left.filter(Boolean)).toHaveLength(40);
      const states = (await listed(store().audience.list('weekly'))).map(({ subscription }) => subscription.state);
      expect(new Set(states)).toEqual(new Set(['unsubscribed']));
      expect(await store().audience.unsubscribe('monthly', ids[0] ?? 0)).toBe(false);
    });

    it('is addressed as they say', async () => {
      const id = await ann();
      expect(await store().audience.describe(id, { name: 'Anna', language: 'de' })).toBe(true);
      expect((await store().audience.person(id))?.subscriber).toMatchObject({ name: 'Anna', language: 'de' });
      await store().audience.describe(id, { name: '', language: undefined });
      expect((await store().audience.person(id))?.subscriber).toEqual({ id, address: 'ann@example.org', name: '' });
    });

    it('is in the list of suppressions with the reason', async () => {
      await store().audience.suppress('bob@example.org', 'complaint', NOON);
      expect(await store().audience.suppression('bob@example.org')).toBe('complaint');
      expect(await store().audience.suppression('ann@example.org')).toBeUndefined();
      expect(await listed(store().audience.suppressions())).toEqual([
        { addressKey: 'bob@example.org', reason: 'complaint', at: NOON },
      ]);
    });
  });
}
