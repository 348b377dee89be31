import { describe, expect, it } from 'vitest';
import type { ImportResult, ListedReader } from '../../src/domain/ports/audience.js';
import type { Outcome } from '../../src/domain/reply.js';
import { aReader, begun, frozenFor, listed, minutesAfter, NOON, settled } from '../support/store-plans.js';
import type { Opened } from './store.contract.js';

const NOTHING_DONE = { added: 0, updated: 0, unchanged: 0, suppressed: 0, unsubscribed: 0 };

export function audienceContract(store: Opened): void {
  describe('the audience', () => {
    it('is unchanged by adding the same readers a second time', async () => {
      const rows = [aReader('ann'), aReader('bob', { preferences: ['software', 'chemistry'], language: 'de' })];
      expect(await store().audience.add('weekly', rows, NOON)).toEqual({ ...NOTHING_DONE, added: 2 });
      expect(await store().audience.add('weekly', rows, minutesAfter(9))).toEqual({ ...NOTHING_DONE, unchanged: 2 });
      expect(await listed(store().audience.list('weekly'))).toMatchObject([
        { subscriber: { address: 'ann@example.org' }, subscription: { state: 'active', preferences: undefined } },
        { subscriber: { language: 'de' }, subscription: { preferences: ['chemistry', 'software'] } },
      ]);
    });

    it('takes new wishes and names, and keeps what a row leaves open', async () => {
      await store().audience.add('weekly', [aReader('ann', { language: 'de' })], NOON);
      const { language: _, ...rest } = aReader('ann', { name: '', preferences: ['software'] });
      expect(await store().audience.add('weekly', [rest], NOON)).toEqual({ ...NOTHING_DONE, updated: 1 });
      expect(await store().audience.find('ann@example.org')).toMatchObject({
        subscriber: { name: 'ann', language: 'de' },
        subscriptions: [{ preferences: ['software'] }],
      });
    });

    describe('a list of readers', () => {
      const terms = { now: NOON, erasedKeys: (key: string) => [`hash of ${key}`] };
      const linesOf = async function* (readers: readonly Partial<ListedReader>[], fault?: Error) {
        let line = 1;
        for (const reader of readers) {
          line += 1;
          yield { line, ...aReader('ann'), ...reader };
        }
        if (fault) throw fault;
      };
      const before = async () => {
        await store().audience.add(
          'weekly',
          [
            aReader('ann', { language: 'de' }),
            aReader('bob', { state: 'pending' }),
            aReader('cai'),
            aReader('dan'),
            aReader('eve', { preferences: ['software'] }),
            aReader('fay'),
          ],
          NOON,
        );
        const idOf = async (name: string) => (await store().audience.find(`${name}@example.org`))?.subscriber.id ?? 0;
        await store().audience.unsubscribe('weekly', await idOf('cai'));
        await store().audience.suppress('dan@example.org', 'complaint', NOON);
        await store().audience.add('monthly', [aReader('gus')], NOON);
      };
      const list = [
        aReader('ann', { name: '', preferences: ['chemistry'] }),
        aReader('bob', { consent: { source: 'paper', at: NOON } }),
        aReader('cai'),
        aReader('dan'),
        aReader('eve', { preferences: ['software'] }),
        aReader('fay', { name: 'Fay E.', language: 'fr' }),
        aReader('gus'),
        aReader('hal'),
      ];

      it('does what adding its lines does', async () => {
        await before();
        const added = await store().audience.importList('weekly', linesOf(list), terms);
        const rows = await listed(store().audience.list());
        expect(added).toEqual({
          ...{ added: 2, updated: 3, unchanged: 1, suppressed: 1, unsubscribed: 1 },
          ...{ repeated: 0, erased: { count: 0, lines: [] }, isWritten: true },
        });
        const again = await store().audience.importList('weekly', linesOf(list), terms);
        expect(again).toMatchObject({ added: 0, updated: 0, unchanged: 6, suppressed: 1, unsubscribed: 1 });
        expect(await store().audience.add('weekly', list, NOON)).toMatchObject({ added: 0, updated: 0, unchanged: 6 });
        expect(await listed(store().audience.list())).toEqual(rows);
        expect(rows.find(({ subscriber }) => subscriber.address === 'ann@example.org')).toMatchObject({
          subscriber: { name: 'ann', language: 'de' },
          subscription: { preferences: ['chemistry'], consent: { source: 'form' } },
        });
        expect(rows.find(({ subscriber }) => subscriber.address === 'bob@example.org')).toMatchObject({
          subscription: { state: 'active', consent: { source: 'paper' } },
        });
      });

      it('takes the first of two lines with one address, and no reader who was erased', async () => {
        await store().audience.add('weekly', [aReader('eve')], NOON);
        const eve = (await store().audience.find('eve@example.org'))?.subscriber.id ?? 0;
        await store().audience.erase(eve, 'hash of eve@example.org', NOON);
        const readers = [aReader('ann'), aReader('eve'), aReader('ann', { name: 'again' }), aReader('eve')];
        const result = await store().audience.importList('weekly', linesOf(readers), terms);
        expect(result).toMatchObject({ added: 1, repeated: 2, erased: { count: 1, lines: [3] } });
        expect(await listed(store().audience.list())).toMatchObject([{ subscriber: { name: 'ann' } }]);
      });

      it('suppresses the addresses that it says get no mail', async () => {
        const readers = [{ ...aReader('ann'), suppressed: 'hard-bounce' as const }, aReader('bob')];
        expect(await store().audience.importList('weekly', linesOf(readers), terms)).toMatchObject({
          added: 1,
          suppressed: 1,
        });
        expect(await store().audience.suppression('ann@example.org')).toBe('hard-bounce');
      });

      it('is written as a whole, or not at all', async () => {
        const many = Array.from({ length: 2_500 }, (_, nth) => aReader(`reader${nth}`));
        const fault = new Error('the file ends in the middle');
        await expect(store().audience.importList('weekly', linesOf(many, fault), terms)).rejects.toThrow(fault);
        expect(await listed(store().audience.list())).toEqual([]);
        const seen: number[] = [];
        const decide = async ({ added }: ImportResult) => {
          seen.push(added);
          return false;
        };
        const result = await store().audience.importList('weekly', linesOf(many), { ...terms, decide });
        expect([result.isWritten, ...seen]).toEqual([false, 2_500]);
        expect(await listed(store().audience.list())).toEqual([]);
        expect(await store().audience.importList('weekly', linesOf(many), terms)).toMatchObject({ added: 2_500 });
        expect(await listed(store().audience.list())).toHaveLength(2_500);
      });

      it('may be imported by two at the same moment', async () => {
        const many = Array.from({ length: 300 }, (_, nth) => aReader(`reader${nth}`));
        const results = await Promise.all([
          store().audience.importList('weekly', linesOf(many), terms),
          store().audience.importList('weekly', linesOf([...many].reverse()), terms),
        ]);
        expect(results.map(({ added, unchanged }) => added + unchanged)).toEqual([300, 300]);
        expect(results.reduce((sum, { added }) => sum + added, 0)).toBe(300);
      });
    });

    it('counts an address that occurs twice in one file as one reader', async () => {
      const rows = [
        aReader('ann'),
        aReader('ann', { preferences: ['software'] }),
        aReader('ann', { preferences: ['software'] }),
      ];
      const result = await store().audience.add('weekly', rows, NOON);
      expect(result).toEqual({ ...NOTHING_DONE, added: 1, updated: 1, unchanged: 1 });
      expect(await listed(store().audience.list())).toHaveLength(1);
    });

    it('knows one person by one address across newsletters', async () => {
      await store().audience.add('weekly', [aReader('ann')], NOON);
      await store().audience.add('monthly', [aReader('ann', { preferences: ['software'] })], NOON);
      const found = await store().audience.find('ann@example.org');
      expect(found?.subscriptions.map(({ newsletter, preferences }) => [newsletter, preferences])).toEqual([
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

    it('suppresses a list of addresses as a whole, or not at all, and keeps the first reason of each', async () => {
      const line = (name: string, nth: number, reason: 'complaint' | 'manual' = 'complaint') => ({
        line: nth + 2,
        addressKey: `${name}@example.org`,
        reason,
      });
      async function* lines(list: readonly ReturnType<typeof line>[], fault?: Error) {
        yield* list;
        if (fault) throw fault;
      }
      const { audience } = store();
      await audience.suppress('ann@example.org', 'manual', NOON);
      const many = Array.from({ length: 1_200 }, (_, nth) => line(`reader${nth}`, nth));
      const list = [line('ann', 2_000), ...many, line('reader7', 3_000, 'manual')];
      const fault = new Error('the file ends in the middle');
      await expect(audience.suppressList(lines(list, fault), { now: NOON })).rejects.toThrow(fault);
      const counts = { added: 1_200, unchanged: 1, repeated: 1 };
      expect(await audience.suppressList(lines(list), { now: NOON, isDry: true })).toEqual(counts);
      expect(await listed(audience.suppressions())).toHaveLength(1);
      expect(await audience.suppressList(lines(list), { now: NOON })).toEqual(counts);
      expect(await audience.suppression('reader7@example.org')).toBe('complaint');
      expect(await audience.suppression('ann@example.org')).toBe('manual');
      expect(await audience.suppressList(lines(list), { now: NOON })).toEqual({
        ...counts,
        added: 0,
        unchanged: 1_201,
      });
    });

    it('counts its groups as a freeze would find them', async () => {
      await store().audience.add(
        'weekly',
        [
          aReader('ann'),
          aReader('bob'),
          aReader('cai', { preferences: ['software'] }),
          aReader('dee', { preferences: ['software'], language: 'de' }),
          aReader('eve'),
          aReader('fay', { state: 'pending' }),
          aReader('gus', { state: 'unsubscribed' }),
          aReader('hal', { preferences: [] }),
        ],
        NOON,
      );
      await store().audience.suppress('eve@example.org', 'manual', NOON);
      const groups = await store().audience.groups('weekly', NOON);
      expect(groups).toHaveLength(5);
      expect(groups).toEqual(
        expect.arrayContaining([
          { preferences: '*', count: 2 },
          { preferences: '*', count: 1, skip: 'suppressed' },
          { preferences: 'software', count: 1 },
          { preferences: 'software', language: 'de', count: 1 },
          { preferences: '', count: 1 },
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

  describe('a reader', () => {
    const idOf = async (name: string) => (await store().audience.find(`${name}@example.org`))?.subscriber.id ?? 0;
    const subscriptionOf = async (name: string) =>
      (await store().audience.find(`${name}@example.org`))?.subscriptions[0];

    it('leaves one newsletter and stays with the other', async () => {
      for (const newsletter of ['weekly', 'monthly']) await store().audience.add(newsletter, [aReader('ann')], NOON);
      const ann = await idOf('ann');
      expect(await store().audience.unsubscribe('weekly', ann)).toBe(true);
      expect(await store().audience.unsubscribe('weekly', ann)).toBe(false);
      expect(await store().audience.unsubscribe('yearly', ann)).toBe(false);
      expect((await store().audience.reader('weekly', ann))?.state).toBe('unsubscribed');
      expect((await store().audience.reader('monthly', ann))?.state).toBe('active');
    });

    it('changes preferences and pauses, unless they have unsubscribed', async () => {
      await store().audience.add('weekly', [aReader('ann'), aReader('bob')], NOON);
      const [ann, bob] = [await idOf('ann'), await idOf('bob')];
      await store().audience.unsubscribe('weekly', bob);
      for (const [reader, may] of [
        [ann, true],
        [bob, false],
      ] as const) {
        expect(await store().audience.setPreferences('weekly', reader, ['software', 'chemistry'])).toBe(may);
        expect(await store().audience.pause('weekly', reader, minutesAfter(5))).toBe(may);
      }
      expect(await subscriptionOf('ann')).toMatchObject({
        preferences: ['chemistry', 'software'],
        pausedUntil: minutesAfter(5),
      });
      await store().audience.pause('weekly', ann, undefined);
      await store().audience.setPreferences('weekly', ann, undefined);
      const after = await subscriptionOf('ann');
      expect(after).toMatchObject({ preferences: undefined });
      expect(after).not.toHaveProperty('pausedUntil');
    });

    it('goes to one of two who take it at the same moment', async () => {
      const idOf = async (name: string) => (await store().audience.find(`${name}@example.org`))?.subscriber.id ?? 0;
      for (let round = 0; round < 8; round += 1) {
        const names = [`ann${round}`, `bob${round}`];
        await store().audience.add(
          'weekly',
          names.map((name) => aReader(name)),
          NOON,
        );
        const to = { address: `new${round}@example.org`, addressKey: `new${round}@example.org` };
        const ids = await Promise.all(names.map(idOf));
        const results = await Promise.all(ids.map((id) => store().audience.changeAddress(id, to)));
        expect(results.sort()).toEqual(['changed', 'taken']);
      }
    });

    it('is added once by two who add the same readers at the same moment', async () => {
      for (let round = 0; round < 8; round += 1) {
        const rows = Array.from({ length: 30 }, (_, nth) => aReader(`reader-${round}-${nth}`));
        const [one, other] = await Promise.all([
          store().audience.add('weekly', rows, NOON),
          store().audience.add('weekly', [...rows].reverse(), NOON),
        ]);
        expect([one.added + one.unchanged, other.added + other.unchanged]).toEqual([30, 30]);
        expect(one.added + other.added).toBe(30);
      }
    });

    it('moves to an address that no other reader has, and leaves a suppression with the old one', async () => {
      await store().audience.add('weekly', [aReader('ann'), aReader('bob')], NOON);
      await store().audience.suppress('ann@example.org', 'hard-bounce', NOON);
      const ann = await idOf('ann');
      const to = (name: string) => ({ address: `${name}@Example.net`, addressKey: `${name}@example.net` });
      const bobs = { address: 'Bob@example.org', addressKey: 'bob@example.org' };
      expect(await store().audience.changeAddress(ann, bobs)).toBe('taken');
      expect(await store().audience.changeAddress(9_999, to('nobody'))).toBe('missing');
      expect(await store().audience.changeAddress(ann, to('ann'))).toBe('changed');
      expect(await store().audience.changeAddress(ann, to('ann'))).toBe('changed');
      expect(await store().audience.find('ann@example.org')).toBeUndefined();
      const moved = await store().audience.find('ann@example.net');
      expect(moved?.subscriber).toMatchObject({ id: ann, address: 'ann@Example.net' });
      expect(moved?.suppressed).toBeUndefined();
    });

    it('may know what became of every issue for them', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob']);
      const refs = await begun(store(), issue);
      const refusal: Outcome = {
        kind: 'rejected',
        scope: 'recipient',
        bounce: 'soft',
        reply: { code: 550, text: '550 No' },
      };
      await settled(store(), refs.slice(0, 1), refusal);
      expect(await store().ledger.deliveriesTo(await idOf('ann'))).toEqual([
        {
          newsletter: issue.newsletter,
          number: issue.number,
          state: 'rejected',
          reply: { code: 550, text: '550 No' },
          settledAt: expect.any(Date),
        },
      ]);
      expect(await store().ledger.deliveriesTo(9_999)).toEqual([]);
    });

    it('is written to again when the suppression of their address is lifted', async () => {
      await store().audience.add('weekly', [aReader('ann')], NOON);
      await store().audience.suppress('ann@example.org', 'manual', NOON);
      expect(await store().audience.unsuppress('ann@example.org')).toBe(true);
      expect(await store().audience.unsuppress('ann@example.org')).toBe(false);
      expect((await store().audience.reader('weekly', await idOf('ann')))?.suppressed).toBeUndefined();
    });

    it('who is erased leaves their rows and nothing else', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob']);
      const refs = await begun(store(), issue);
      const refusal: Outcome = {
        kind: 'rejected',
        scope: 'recipient',
        bounce: 'soft',
        reply: { code: 550, text: '550 <ann@example.org> is not here' },
      };
      await settled(store(), refs.slice(0, 1), refusal);
      const ann = await idOf('ann');
      await store().audience.suppress('ann@example.org', 'complaint', NOON);
      expect(await store().audience.erase(ann, 'hash-of-ann', NOON)).toBe(true);
      expect(await store().audience.erase(ann, 'hash-of-ann', NOON)).toBe(false);
      expect(await store().audience.changeAddress(ann, { address: 'a@b.example', addressKey: 'a@b.example' })).toBe(
        'missing',
      );
      expect(await store().audience.find('ann@example.org')).toBeUndefined();
      expect(await store().audience.unsuppress('ann@example.org')).toBe(false);
      expect(await store().audience.unsuppress('hash-of-ann')).toBe(true);
      expect(await store().audience.reader('weekly', ann)).toMatchObject({ erased: true, subscriber: { address: '' } });
      const rows = await listed(store().ledger.deliveries(issue.id));
      expect(rows).toHaveLength(2);
      expect(JSON.stringify([rows, await store().ledger.deliveriesTo(ann)])).not.toContain('ann@');
      expect(await store().ledger.counts(issue.id)).toMatchObject({ all: 2, rejected: 1, attempted: 1 });
    });
  });
}
