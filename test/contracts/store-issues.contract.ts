import { describe, expect, it } from 'vitest';
import type { Piece } from '../../src/domain/edition.js';
import type { SkippedOccurrence } from '../../src/domain/issue.js';
import {
  anEdition,
  aPlan,
  aReader,
  begun,
  frozen,
  frozenFor,
  listed,
  minutesAfter,
  NOON,
} from '../support/store-plans.js';
import type { Opened } from './store.contract.js';

function aSkip(with_: Partial<SkippedOccurrence> = {}): SkippedOccurrence {
  const occurrence = minutesAfter(500);
  return {
    newsletter: 'weekly',
    occurrence,
    cutoff: occurrence,
    outcome: 'nothing-new',
    recordedAt: occurrence,
    ...with_,
  };
}

const CARRIED = [{ uid: 'a', outcome: { kind: 'carried', issue: 1 } }] as const;

export function issuesContract(store: Opened): void {
  const subscriberNamed = async (name: string): Promise<number> =>
    (await store().audience.find(`${name}@example.org`))?.subscriber.id ?? 0;

  describe('a freeze', () => {
    it('keeps the issue, its editions and what became of the posts', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob'], {
        outcomes: [...CARRIED, { uid: 'b', outcome: { kind: 'held-over', why: 'limit' } }],
        issue: {
          posts: [{ uid: 'a', id: 'id-a', title: 'A', section: 'other' }],
          replyTo: 'us@example.org',
          carriedOver: 1,
        },
      });
      expect(issue).toMatchObject({ number: 1, state: 'frozen', replyTo: 'us@example.org', carriedOver: 1 });
      expect(await store().ledger.issue('weekly', 1)).toEqual(issue);
      expect(await store().ledger.issue('weekly', 2)).toBeUndefined();
      expect(await store().ledger.issues()).toEqual([issue]);
      const [edition] = await store().ledger.editions(issue.id);
      expect(edition).toMatchObject({ key: 'whole', sections: ['other'], readers: 2, htmlBytes: '<p></p>'.length });
      expect(await store().ledger.edition(edition?.id ?? 0)).toEqual({
        id: edition?.id,
        key: 'whole',
        language: 'en',
        sections: ['other'],
        mail: anEdition('whole').mail,
        issue: {
          id: issue.id,
          uid: issue.uid,
          newsletter: 'weekly',
          number: 1,
          title: 'Notes',
          sender: issue.sender,
          replyTo: 'us@example.org',
        },
      });
      const memory = await store().ledger.memory('weekly');
      expect(memory.outcomes).toEqual(
        new Map([
          ['a', { kind: 'carried', issue: 1 }],
          ['b', { kind: 'held-over', why: 'limit' }],
        ]),
      );
    });

    it('keeps what editions share once, and gives it to all of them', async () => {
      const piece: Piece = {
        kind: 'piece',
        key: 'k',
        segments: ['<h2>', { kind: 'hole', part: 'name', context: 'html' }],
      };
      const posts = ['one', 'two'].map((id) => ({
        uid: `post-in-${id}`,
        id: `id-of-${id}`,
        title: id,
        section: 'other',
      }));
      const editions = ['one', 'two'].map((name) => {
        const edition = anEdition(name, [name]);
        return { ...edition, mail: { ...edition.mail, html: [name, piece, '</h2>'], text: [piece] } };
      });
      const issue = await frozenFor(store(), [], {
        issue: { posts },
        editions: (async function* () {
          yield* editions;
        })(),
        routes: editions.map(({ key }) => ({ group: { preferences: key }, edition: key })),
      });
      const summaries = await store().ledger.editions(issue.id);
      expect(summaries.map(({ posts: shown }) => shown)).toEqual([
        [{ ...posts[0], section: 'one' }],
        [{ ...posts[1], section: 'two' }],
      ]);
      const [one, two] = await Promise.all(summaries.map(({ id }) => store().ledger.edition(id)));
      expect([one?.mail, two?.mail]).toEqual(editions.map(({ mail }) => mail));
      expect(one?.mail.html[1]).toBe(two?.mail.html[1]);
    });

    it('remembers which arrangement the issue had, until it is cancelled before its first message', async () => {
      const user = (stem: string, newsletter = 'weekly', version = 'as-sent') =>
        store().ledger.issueArrangedBy(newsletter, { stem, version });
      const arrangement = { stem: '2026-11-30', version: 'as-sent' };
      const issue = await frozen(store(), { issue: { arrangement } });
      const plain = await frozen(store());
      expect(issue.arrangement).toEqual(arrangement);
      expect(plain).not.toHaveProperty('arrangement');
      expect(await user('2026-11-30')).toEqual(issue);
      expect(await user('2026-12-07')).toBeUndefined();
      expect(await user('2026-11-30', 'monthly')).toBeUndefined();
      expect(await user('2026-11-30', 'weekly', 'edited-since')).toBeUndefined();
      await store().ledger.cancel(issue.id, NOON);
      expect(await user('2026-11-30')).toBeUndefined();
    });

    it('gives every active reader a row, with the first reason of those that hold', async () => {
      await store().audience.add(
        'weekly',
        [
          aReader('ann'),
          aReader('bob', { preferences: ['software'] }),
          aReader('cai', { preferences: ['chemistry'] }),
          aReader('dee', { preferences: ['chemistry'] }),
          aReader('eve', { state: 'pending' }),
          aReader('fay', { state: 'unsubscribed' }),
          aReader('gus', { language: 'de' }),
        ],
        NOON,
      );
      await store().audience.suppress('dee@example.org', 'manual', NOON);
      const issue = await frozen(store(), {
        editions: [anEdition('whole'), anEdition('software', ['software']), anEdition('ganz', ['other'], 'de')],
        routes: [
          { group: { preferences: '*' }, edition: 'whole' },
          { group: { preferences: '*', language: 'de' }, edition: 'ganz' },
          { group: { preferences: 'software' }, edition: 'software' },
          { group: { preferences: 'chemistry' }, edition: undefined },
        ],
      });
      const rows = await listed(store().ledger.deliveries(issue.id));
      expect(
        rows.map(({ address, state, edition, reason }) => [address.slice(0, 3), state, edition ?? reason]),
      ).toEqual([
        ['ann', 'planned', 'whole'],
        ['bob', 'planned', 'software'],
        ['cai', 'skipped', 'nothing-wished'],
        ['dee', 'skipped', 'suppressed'],
        ['gus', 'planned', 'ganz'],
      ]);
      const skipped = await listed(store().ledger.deliveries(issue.id, ['skipped', 'deferred']));
      expect(skipped.map(({ address }) => address.slice(0, 3))).toEqual(['cai', 'dee']);
      expect(await store().ledger.counts(issue.id)).toMatchObject({
        planned: 3,
        skipped: 2,
        skippedBy: { 'nothing-wished': 1, suppressed: 1 },
        all: 5,
      });
      // In the same order on every database.
      expect(Object.keys((await store().ledger.counts(issue.id)).skippedBy)).toEqual(['nothing-wished', 'suppressed']);
      const editions = await store().ledger.editions(issue.id);
      expect(editions.map(({ key }) => key)).toEqual(['whole', 'software', 'ganz']);
    });

    it('is stale when another record came in between, and then leaves no trace', async () => {
      const late = await aPlan(store(), { outcomes: CARRIED, issue: { occurrence: minutesAfter(77) } });
      await store().ledger.recordSkip(aSkip(), [], late.head);
      expect(await store().ledger.freeze(late)).toEqual({ kind: 'stale' });
      expect(await store().ledger.issues('weekly')).toEqual([]);
      expect((await store().ledger.memory('weekly')).outcomes.size).toBe(0);
    });

    it('composes for readers who came or changed since their editions were composed, and for no others', async () => {
      await store().audience.add('weekly', [aReader('ann'), aReader('bob'), aReader('cai')], NOON);
      const asked: (readonly unknown[])[] = [];
      const plan = await aPlan(store(), {
        async compose(groups) {
          asked.push(groups);
          const routes = groups.map((group) => ({
            group,
            edition: { '*': 'whole', software: 'software' }[group.preferences],
          }));
          return { editions: [anEdition('software', ['software'])], routes };
        },
      });
      await store().audience.setPreferences('weekly', await subscriberNamed('bob'), ['software']);
      await store().audience.setPreferences('weekly', await subscriberNamed('cai'), ['chemistry']);
      await store().audience.add('weekly', [aReader('dee', { language: 'de' })], NOON);
      const result = await store().ledger.freeze(plan);
      if (result.kind !== 'frozen') throw new Error(result.kind);
      expect(asked).toEqual([
        [
          expect.objectContaining({ preferences: '*', language: 'de', count: 1 }),
          expect.objectContaining({ preferences: 'chemistry', count: 1 }),
          expect.objectContaining({ preferences: 'software', count: 1 }),
        ],
      ]);
      const rows = await listed(store().ledger.deliveries(result.issue.id));
      expect(
        rows.map(({ address, state, edition, reason }) => [address.slice(0, 3), state, edition ?? reason]),
      ).toEqual([
        ['ann', 'planned', 'whole'],
        ['bob', 'planned', 'software'],
        ['cai', 'skipped', 'nothing-wished'],
        ['dee', 'planned', 'whole'],
      ]);
    });

    it('leaves no trace when nothing can be composed for a new reader', async () => {
      const plan = await aPlan(store(), { outcomes: CARRIED });
      await store().audience.add('weekly', [aReader('ann'), aReader('bob', { preferences: ['software'] })], NOON);
      await expect(store().ledger.freeze(plan)).rejects.toThrow('not expected');
      expect(await store().ledger.issues()).toEqual([]);
      expect(await store().ledger.memory('weekly')).toEqual({ head: plan.head, lastNumber: 0, outcomes: new Map() });
    });

    it('takes all readers as they are at one moment, while readers change their choice all the time', async () => {
      const names = Array.from({ length: 12 }, (_, index) => `reader${index}`);
      await store().audience.add(
        'weekly',
        names.map((name) => aReader(name, { preferences: ['a'] })),
        NOON,
      );
      const ids = await Promise.all(names.map(subscriberNamed));
      const editionOf = (preferences: string) => ({ group: { preferences }, edition: preferences });
      const turns = async function* (keys: readonly string[]) {
        for (const key of keys) {
          for (let turn = 0; turn < 20; turn += 1) await new Promise((resume) => setImmediate(resume));
          yield anEdition(key, [key]);
        }
      };
      const plan = await aPlan(store(), {
        editions: { [Symbol.asyncIterator]: () => turns(['a']) },
        routes: [editionOf('a')],
        compose: async (groups) => ({
          editions: turns(groups.map(({ preferences }) => preferences)),
          routes: groups.map(({ preferences }) => editionOf(preferences)),
        }),
      });
      let isFrozen = false;
      const changes: { readonly place: number; readonly to: string }[] = [];
      const change = async () => {
        for (let count = 0; !isFrozen || count < ids.length; count += 1) {
          const place = count % ids.length;
          const to = `wish${count}`;
          await store().audience.setPreferences('weekly', ids[place] ?? 0, [to]);
          changes.push({ place, to });
        }
      };
      const freeze = async () => {
        const result = await store().ledger.freeze(plan);
        isFrozen = true;
        return result;
      };
      const [result] = await Promise.all([freeze(), change()]);
      if (result.kind !== 'frozen') throw new Error(result.kind);
      const rows = await listed(store().ledger.deliveries(result.issue.id));
      expect(rows.map(({ state }) => state)).toEqual(names.map(() => 'planned'));
      const shown = new Map(rows.map(({ subscriber, edition }) => [subscriber, edition]));
      const editions = ids.map((id) => shown.get(id));
      const wishes = names.map(() => 'a');
      const moments = [JSON.stringify(wishes)];
      for (const { place, to } of changes) {
        wishes[place] = to;
        moments.push(JSON.stringify(wishes));
      }
      expect(moments).toContain(JSON.stringify(editions));
    });

    it('asks for no edition for readers who get no mail anyway', async () => {
      await store().audience.add('weekly', [aReader('ann', { preferences: ['software'] })], NOON);
      await store().audience.suppress('ann@example.org', 'manual', NOON);
      const issue = await frozen(store());
      expect(await store().ledger.counts(issue.id)).toMatchObject({ skipped: 1, all: 1 });
    });

    it('names the issue an occurrence has already, also to one who planned before it', async () => {
      const plan = await aPlan(store());
      const first = await store().ledger.freeze(plan);
      expect(first.kind).toBe('frozen');
      expect(await store().ledger.freeze(plan)).toEqual({
        kind: 'exists',
        issue: await store().ledger.issue('weekly', 1),
      });
    });

    it('refuses to carry a post twice, and then leaves no trace', async () => {
      await frozen(store(), { outcomes: CARRIED });
      const again = await aPlan(store(), { outcomes: [{ uid: 'a', outcome: { kind: 'carried', issue: 2 } }] });
      await expect(store().ledger.freeze(again)).rejects.toMatchObject({ code: 'store.failed' });
      expect(await store().ledger.issues('weekly')).toHaveLength(1);
    });

    it('of one newsletter leaves the memory of another alone', async () => {
      await frozen(store(), { outcomes: CARRIED });
      const memory = await store().ledger.memory('monthly');
      expect(memory).toEqual({ head: memory.head, lastNumber: 0, outcomes: new Map() });
    });

    it('happens once when two are asked for at the same moment', async () => {
      await store().audience.add('weekly', [aReader('ann')], NOON);
      const plan = await aPlan(store());
      const other = { ...plan, issue: { ...plan.issue, uid: 'another', occurrence: minutesAfter(999) } };
      const results = await Promise.all([store().ledger.freeze(plan), store().ledger.freeze(other)]);
      expect(results.map((result) => result.kind).sort()).toEqual(['frozen', 'stale']);
      expect(await store().ledger.issues('weekly')).toHaveLength(1);
    });
  });

  describe('an occurrence without an issue', () => {
    it('has its record, carries its posts over and never moves the cut-off', async () => {
      const issue = await frozen(store());
      const { head } = await store().ledger.memory('weekly');
      const skip = aSkip({ occurrence: minutesAfter(20_000), outcome: 'merged-into(2026-06-22T12:00:00.000Z)' });
      const outcomes = [{ uid: 'b', outcome: { kind: 'held-over', why: 'skipped' } }] as const;
      expect(await store().ledger.recordSkip(skip, outcomes, head)).toBe('recorded');
      expect(await store().ledger.skips('weekly')).toEqual([skip]);
      const memory = await store().ledger.memory('weekly');
      expect(memory).toMatchObject({ previousCutoff: issue.window.until, lastScheduled: skip.occurrence });
      expect(memory.outcomes.get('b')).toEqual({ kind: 'held-over', why: 'skipped' });
      expect(memory.head).not.toBe(head);
    });

    it('is stale when the memory has changed', async () => {
      const { head } = await store().ledger.memory('weekly');
      await frozen(store());
      expect(await store().ledger.recordSkip(aSkip(), [], head)).toBe('stale');
      expect(await store().ledger.skips('weekly')).toEqual([]);
    });

    it('has one record only', async () => {
      await store().ledger.recordSkip(aSkip(), [], (await store().ledger.memory('weekly')).head);
      const { head } = await store().ledger.memory('weekly');
      await expect(store().ledger.recordSkip(aSkip(), [], head)).rejects.toMatchObject({ code: 'issue.state' });
      const plan = await aPlan(store(), { issue: { occurrence: aSkip().occurrence } });
      await expect(store().ledger.freeze(plan)).rejects.toMatchObject({ code: 'issue.state' });
    });
  });

  describe('the state of an issue', () => {
    it('changes only from a state that was named', async () => {
      const issue = await frozen(store());
      expect(await store().ledger.setState(issue.id, ['sending', 'paused'], 'done')).toBe(false);
      expect(await store().ledger.setState(issue.id, ['frozen', 'sending'], 'sending')).toBe(true);
      expect((await store().ledger.issue('weekly', 1))?.state).toBe('sending');
    });
  });

  describe('what was mailed before', () => {
    it('counts as carried by issue 0, and leaves what an issue carried as it is', async () => {
      await frozenFor(store(), ['ann'], {
        outcomes: [...CARRIED, { uid: 'b', outcome: { kind: 'held-over', why: 'limit' } }],
      });
      const { head } = await store().ledger.memory('weekly');
      expect(await store().ledger.markMailed('weekly', ['a', 'b', 'c'], true)).toEqual({ marked: 2, already: 1 });
      expect((await store().ledger.memory('weekly')).head).toBe(head);
      expect(await store().ledger.markMailed('weekly', ['a', 'b', 'c'], false)).toEqual({ marked: 2, already: 1 });
      const memory = await store().ledger.memory('weekly');
      expect(memory.outcomes).toEqual(
        new Map([
          ['a', { kind: 'carried', issue: 1 }],
          ['b', { kind: 'carried', issue: 0 }],
          ['c', { kind: 'carried', issue: 0 }],
        ]),
      );
      expect(memory.head).not.toBe(head);
      expect(await store().ledger.markMailed('weekly', [], false)).toEqual({ marked: 0, already: 0 });
    });
  });

  describe('cancelling an issue', () => {
    it('before its first message gives its posts back and its cut-off up', async () => {
      const first = await frozenFor(store(), ['ann']);
      const second = await frozen(store(), {
        outcomes: [
          { uid: 'a', outcome: { kind: 'carried', issue: 2 } },
          { uid: 'b', outcome: { kind: 'left-out-by-editor' } },
        ],
      });
      const { head } = await store().ledger.memory('weekly');
      await store().ledger.claim({ issue: second.id, owner: 'one', limit: 5, leaseMs: 60_000, now: second.frozenAt });
      expect(await store().ledger.cancel(second.id, NOON)).toEqual({ skipped: 1, released: true });
      const memory = await store().ledger.memory('weekly');
      expect(memory).toMatchObject({
        lastNumber: 2,
        previousCutoff: first.window.until,
        lastScheduled: second.occurrence,
      });
      expect(memory.outcomes.get('a')).toEqual({ kind: 'held-over', why: 'cancelled' });
      expect(memory.outcomes.get('b')).toEqual({ kind: 'left-out-by-editor' });
      expect(memory.head).not.toBe(head);
      expect(await store().ledger.counts(second.id)).toMatchObject({ skippedBy: { cancelled: 1 }, all: 1 });
      const third = await frozen(store(), { outcomes: [{ uid: 'a', outcome: { kind: 'carried', issue: 3 } }] });
      expect(third.number).toBe(3);
    });

    it('after it skips the rest and keeps its posts carried', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob', 'cai'], { outcomes: CARRIED });
      await begun(store(), issue, 'one', 1);
      expect(await store().ledger.cancel(issue.id, NOON)).toEqual({ skipped: 2, released: false });
      const memory = await store().ledger.memory('weekly');
      expect(memory).toMatchObject({ previousCutoff: issue.window.until });
      expect(memory.outcomes.get('a')).toEqual({ kind: 'carried', issue: 1 });
      expect(await store().ledger.counts(issue.id)).toMatchObject({ attempted: 1, skipped: 2 });
      expect((await store().ledger.issue('weekly', 1))?.state).toBe('cancelled');
    });

    it('twice changes nothing, and is refused once it is done', async () => {
      const issue = await frozenFor(store(), ['ann']);
      await store().ledger.cancel(issue.id, NOON);
      expect(await store().ledger.cancel(issue.id, NOON)).toEqual({ skipped: 0, released: true });
      const next = await frozen(store());
      await store().ledger.setState(next.id, ['frozen'], 'done');
      await expect(store().ledger.cancel(next.id, NOON)).rejects.toMatchObject({ code: 'issue.state' });
    });
  });
}
