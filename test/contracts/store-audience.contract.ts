import { describe, expect, it } from 'vitest';
import { aReader, listed, minutesAfter, NOON } from '../support/store-plans.js';
import type { Opened } from './store.contract.js';

const NOTHING_DONE = { added: 0, updated: 0, unchanged: 0, suppressed: 0, unsubscribed: 0 };

export function audienceContract(store: Opened): void {
  describe('the audience', () => {
    it('is unchanged by adding the same readers a second time', async () => {
      const rows = [aReader('ann'), aReader('bob', { wishes: ['software', 'chemistry'], language: 'de' })];
      expect(await store().audience.add('weekly', rows, NOON)).toEqual({ ...NOTHING_DONE, added: 2 });
      expect(await store().audience.add('weekly', rows, minutesAfter(9))).toEqual({ ...NOTHING_DONE, unchanged: 2 });
      expect(await listed(store().audience.list('weekly'))).toMatchObject([
        { subscriber: { address: 'ann@example.org' }, subscription: { state: 'active', wishes: undefined } },
        { subscriber: { language: 'de' }, subscription: { wishes: ['chemistry', 'software'] } },
      ]);
    });

    it('takes new wishes and names, and keeps what a row leaves open', async () => {
      await store().audience.add('weekly', [aReader('ann', { language: 'de' })], NOON);
      const { language: _, ...rest } = aReader('ann', { name: '', wishes: ['software'] });
      expect(await store().audience.add('weekly', [rest], NOON)).toEqual({ ...NOTHING_DONE, updated: 1 });
      expect(await store().audience.find('ann@example.org')).toMatchObject({
        subscriber: { name: 'ann', language: 'de' },
        subscriptions: [{ wishes: ['software'] }],
      });
    });

    it('counts an address that stands twice in one file as one reader', async () => {
      const rows = [aReader('ann'), aReader('ann', { wishes: ['software'] }), aReader('ann', { wishes: ['software'] })];
      const result = await store().audience.add('weekly', rows, NOON);
      expect(result).toEqual({ ...NOTHING_DONE, added: 1, updated: 1, unchanged: 1 });
      expect(await listed(store().audience.list())).toHaveLength(1);
    });

    it('knows one person by one address across newsletters', async () => {
      await store().audience.add('weekly', [aReader('ann')], NOON);
      await store().audience.add('monthly', [aReader('ann', { wishes: ['software'] })], NOON);
      const found = await store().audience.find('ann@example.org');
      expect(found?.subscriptions.map(({ newsletter, wishes }) => [newsletter, wishes])).toEqual([
        ['monthly', ['software']],
        ['weekly', undefined],
      ]);
      expect(await store().audience.find('bob@example.org')).toBeUndefined();
    });

    it('never takes a confirmed reader back to pending, but confirms a pending one', async () => {
      const consent = { source: 'paper', at: NOON };
      await store().audience.add('weekly', [aReader('ann'), aReader('bob', { state: 'pending' })], NOON);
      await store().audience.add('weekly', [aReader('ann', { state: 'pending' }), aReader('bob', { consent })], NOON);
      expect((await store().audience.find('ann@example.org'))?.subscriptions[0]?.state).toBe('active');
      expect((await store().audience.find('bob@example.org'))?.subscriptions[0]).toMatchObject({
        state: 'active',
        consent,
      });
    });

    it('leaves alone who had unsubscribed', async () => {
      await store().audience.add('weekly', [aReader('ann', { state: 'unsubscribed' })], NOON);
      expect(await store().audience.add('weekly', [aReader('ann')], NOON)).toEqual({
        ...NOTHING_DONE,
        unsubscribed: 1,
      });
      expect((await store().audience.find('ann@example.org'))?.subscriptions[0]?.state).toBe('unsubscribed');
    });

    it('keeps suppressed readers, but says they get no mail, for the first reason given', async () => {
      await store().audience.suppress('ann@example.org', 'complaint', NOON);
      await store().audience.suppress('ann@example.org', 'manual', NOON);
      expect(await store().audience.add('weekly', [aReader('ann')], NOON)).toEqual({ ...NOTHING_DONE, suppressed: 1 });
      expect(await listed(store().audience.list('weekly'))).toMatchObject([{ suppressed: 'complaint' }]);
      const id = (await store().audience.find('ann@example.org'))?.subscriber.id ?? 0;
      expect(await store().audience.reader('weekly', id)).toMatchObject({ suppressed: 'complaint', erased: false });
      expect(await store().audience.reader('monthly', id)).toBeUndefined();
    });

    it('counts its groups as a freeze would find them', async () => {
      await store().audience.add(
        'weekly',
        [
          aReader('ann'),
          aReader('bob'),
          aReader('cai', { wishes: ['software'] }),
          aReader('dee', { wishes: ['software'], language: 'de' }),
          aReader('eve'),
          aReader('fay', { state: 'pending' }),
          aReader('gus', { state: 'unsubscribed' }),
          aReader('hal', { wishes: [] }),
        ],
        NOON,
      );
      await store().audience.suppress('eve@example.org', 'manual', NOON);
      const groups = await store().audience.groups('weekly', NOON);
      expect(groups).toHaveLength(5);
      expect(groups).toEqual(
        expect.arrayContaining([
          { wishes: '*', count: 2 },
          { wishes: '*', count: 1, skip: 'suppressed' },
          { wishes: 'software', count: 1 },
          { wishes: 'software', language: 'de', count: 1 },
          { wishes: '', count: 1 },
        ]),
      );
      expect(await store().audience.groups('monthly', NOON)).toEqual([]);
    });

    it('lists more readers than one page holds, each once, in order', async () => {
      const rows = Array.from({ length: 2_345 }, (_, index) => aReader(`reader-${index}`));
      await store().audience.add('weekly', rows, NOON);
      await store().audience.add('monthly', rows.slice(0, 10), NOON);
      const ids = (await listed(store().audience.list('weekly'))).map((row) => row.subscriber.id);
      expect(new Set(ids).size).toBe(2_345);
      expect(ids).toEqual([...ids].sort((a, b) => a - b));
      expect(await listed(store().audience.list())).toHaveLength(2_355);
    });

    it('adds all rows or none', async () => {
      const unwritable = aReader('bob', { consent: { source: 'form', at: new Date(Number.NaN) } });
      await expect(store().audience.add('weekly', [aReader('ann'), unwritable], NOON)).rejects.toThrow();
      expect(await store().audience.find('ann@example.org')).toBeUndefined();
    });
  });
}
