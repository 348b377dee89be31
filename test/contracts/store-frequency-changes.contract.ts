import { describe, expect, it } from 'vitest';
import { ACCEPTED, anEdition, begun, frozen, frozenFor, NOON, settled } from '../support/store-plans.js';
import type { Opened } from './store.contract.js';

const terms = { preferences: undefined, consent: { source: 'page', at: NOON } };

export function frequencyChangesContract(store: Opened): void {
  /** Ann has an issue of the weekly. */
  const sent = async () => {
    const issue = await frozenFor(store(), ['ann']);
    await settled(store(), await begun(store(), issue), ACCEPTED);
    return (await store().audience.find('ann@example.org'))?.subscriber.id ?? 0;
  };
  const groups = (newsletter: string) => store().audience.groups(newsletter, NOON);
  const states = async (subscriber: number) =>
    (await store().audience.person(subscriber))?.subscriptions.map(({ newsletter, state }) => [newsletter, state]);

  /** Freezes the next issue of a newsletter, with an edition for each group. */
  const withoutAlreadySent = async (newsletter: string) => {
    const routes = (await groups(newsletter)).map((group) => ({ group, edition: 'rest' }));
    return frozen(store(), { newsletter, routes, editions: [anEdition('rest')] });
  };

  describe('a change from one newsletter to another', () => {
    it('at once ends the old one, and its reader is in a group without the posts they were sent', async () => {
      const ann = await sent();
      expect(
        await store().audience.changeFrequency(ann, { from: 'weekly', to: 'monthly', waits: false, ...terms }),
      ).toBe(true);
      expect(await states(ann)).toEqual([
        ['monthly', 'active'],
        ['weekly', 'unsubscribed'],
      ]);
      const [group] = await groups('monthly');
      expect(group).toMatchObject({ preferences: '*', count: 1, alreadySent: { uids: ['post-in-other'] } });
    });

    it('is over with the first issue of the new one, which gives that group an edition of its own', async () => {
      const ann = await sent();
      await store().audience.changeFrequency(ann, { from: 'weekly', to: 'monthly', waits: false, ...terms });
      const everybody = { newsletter: 'monthly', routes: [{ group: { preferences: '*' }, edition: 'whole' }] };
      const issue = { newsletter: 'monthly' };
      await expect(frozen(store(), { ...everybody, issue })).rejects.toThrow('not expected');
      const routes = (await groups('monthly')).map((group) => ({ group, edition: 'rest' }));
      const monthly = await frozen(store(), { newsletter: 'monthly', routes, editions: [anEdition('rest')], issue });
      expect(await begun(store(), monthly)).toHaveLength(1);
      expect(await groups('monthly')).toEqual([{ preferences: '*', count: 1 }]);
    });

    it('that waits begins with the next issue of the old one, whose posts are then omitted, and ends before the one after', async () => {
      const ann = await sent();
      await store().audience.changeFrequency(ann, { from: 'weekly', to: 'daily', waits: true, ...terms });
      expect(await groups('daily')).toEqual([]);
      const second = await frozen(store());
      expect(await begun(store(), second)).toHaveLength(1);
      expect(await groups('daily')).toMatchObject([{ count: 1, alreadySent: { uids: ['post-in-other'] } }]);
      const third = await frozen(store());
      expect(await begun(store(), third)).toHaveLength(0);
      expect(await states(ann)).toEqual([
        ['daily', 'active'],
        ['weekly', 'unsubscribed'],
      ]);
    });

    it('leaves nothing out for an issue that was cancelled before its first message', async () => {
      const ann = await sent();
      await store().audience.changeFrequency(ann, { from: 'weekly', to: 'daily', waits: true, ...terms });
      const second = await frozen(store());
      await store().ledger.cancel(second.id, NOON);
      expect(await groups('daily')).toEqual([{ preferences: '*', count: 1 }]);
    });

    it('that came with an issue comes with the next one, when that issue is cancelled before its first message', async () => {
      const ann = await sent();
      await store().audience.changeFrequency(ann, { from: 'weekly', to: 'monthly', waits: false, ...terms });
      const first = await withoutAlreadySent('monthly');
      const second = await withoutAlreadySent('monthly');
      expect(await groups('monthly')).toEqual([{ preferences: '*', count: 1 }]);
      await store().ledger.cancel(first.id, NOON);
      expect(await groups('monthly')).toMatchObject([{ count: 1, alreadySent: { uids: ['post-in-other'] } }]);
      await store().ledger.cancel(second.id, NOON);
      const third = await withoutAlreadySent('monthly');
      await settled(store(), await begun(store(), third), ACCEPTED);
      expect((await store().ledger.cancel(third.id, NOON)).released).toBe(false);
      expect(await groups('monthly')).toEqual([{ preferences: '*', count: 1 }]);
    });

    it('that came with a cancelled issue still ends the old one before its next', async () => {
      const ann = await sent();
      await store().audience.changeFrequency(ann, { from: 'weekly', to: 'daily', waits: true, ...terms });
      await frozen(store());
      const first = await withoutAlreadySent('daily');
      expect((await store().audience.person(ann))?.frequencyChanges).toMatchObject([{ stays: true }]);
      await store().ledger.cancel(first.id, NOON);
      expect(await groups('daily')).toMatchObject([{ count: 1, alreadySent: { uids: ['post-in-other'] } }]);
      const second = await withoutAlreadySent('daily');
      await settled(store(), await begun(store(), second), ACCEPTED);
      await withoutAlreadySent('daily');
      await frozen(store());
      expect(await states(ann)).toEqual([
        ['daily', 'active'],
        ['weekly', 'unsubscribed'],
      ]);
      expect((await store().audience.person(ann))?.frequencyChanges).toEqual([]);
    });

    it('is refused to somebody who does not get the old one, and forgotten with an erased person', async () => {
      const ann = await sent();
      expect(
        await store().audience.changeFrequency(ann, { from: 'daily', to: 'monthly', waits: false, ...terms }),
      ).toBe(false);
      await store().audience.changeFrequency(ann, { from: 'weekly', to: 'daily', waits: true, ...terms });
      await store().audience.erase(ann, 'hashed', NOON);
      expect(await store().audience.cancelFrequencyChange('daily', ann)).toBe(false);
    });
  });
}
