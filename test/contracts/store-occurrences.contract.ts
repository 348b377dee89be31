import { describe, expect, it } from 'vitest';
import type { SkippedOccurrence } from '../../src/domain/issue.js';
import { aPost } from '../support/builders.js';
import { aPlan, frozen, minutesAfter, NOON } from '../support/store-plans.js';
import type { Opened } from './store.contract.js';

function aSkipAt(occurrence: Date, outcome: SkippedOccurrence['outcome'] = 'nothing-new'): SkippedOccurrence {
  return { newsletter: 'weekly', occurrence, cutoff: occurrence, outcome, recordedAt: occurrence };
}

/** A collection at a moment that finds one new post. */
function aCollection(uid: string, collectedAt: Date, version?: number) {
  const post = aPost({ keys: { id: uid } });
  const seen = [{ uid, post, newsAt: collectedAt }];
  return { source: 'blog', collectedAt, seen, withdrawn: [], broken: [], ...(version !== undefined && { version }) };
}

export function occurrencesContract(store: Opened): void {
  describe('what a newsletter has behind it', () => {
    it('distinguishes scheduled issues from those made by hand', async () => {
      const first = await frozen(store());
      const byHand = await frozen(store(), { issue: { manual: true } });
      expect(await store().ledger.history('weekly')).toMatchObject({
        lastNumber: 2,
        previousCutoff: byHand.window.until,
        previousOccurrence: byHand.occurrence,
        lastScheduled: first.occurrence,
      });
    });

    it('counts occurrences without an issue, and remembers the first of them', async () => {
      const [one, two] = [minutesAfter(10), minutesAfter(20)];
      const { head } = await store().ledger.history('weekly');
      expect(await store().ledger.recordSkips('weekly', [aSkipAt(one), aSkipAt(two)], [], head)).toBe('recorded');
      expect(await store().ledger.history('weekly')).toMatchObject({ firstSkipped: one, lastScheduled: two });
    });

    it('gets all records of several occurrences or none', async () => {
      const one = aSkipAt(minutesAfter(10));
      const { head } = await store().ledger.history('weekly');
      await expect(store().ledger.recordSkips('weekly', [one, one], [], head)).rejects.toMatchObject({
        code: 'issue.state',
      });
      expect(await store().ledger.skips('weekly')).toEqual([]);
    });

    it('takes an issue that was made by hand at the instant of an occurrence for its record', async () => {
      const byHand = await frozen(store(), { issue: { manual: true } });
      const earlier = aSkipAt(minutesAfter(10));
      const { head } = await store().ledger.history('weekly');
      const skips = [earlier, aSkipAt(byHand.occurrence)];
      expect(await store().ledger.recordSkips('weekly', skips, [], head)).toBe('recorded');
      expect(await store().ledger.skips('weekly')).toEqual([earlier]);
      expect(await store().ledger.issues()).toEqual([{ ...byHand, manual: false }]);
      expect(await store().ledger.history('weekly')).toMatchObject({ lastScheduled: byHand.occurrence });
    });

    it('takes it for the record when its issue is frozen as well, with those missed before it', async () => {
      const byHand = await frozen(store(), { issue: { manual: true } });
      const earlier = aSkipAt(minutesAfter(10));
      const plan = await aPlan(store(), { issue: { occurrence: byHand.occurrence }, skips: [earlier] });
      expect(await store().ledger.freeze(plan)).toEqual({ kind: 'exists', issue: { ...byHand, manual: false } });
      expect(await store().ledger.skips('weekly')).toEqual([earlier]);
      expect(await store().ledger.history('weekly')).toMatchObject({ lastScheduled: byHand.occurrence });
    });

    it('gets the records of missed occurrences with the issue that makes up for them', async () => {
      const missed = aSkipAt(minutesAfter(10), `merged-into(${minutesAfter(20).toISOString()})`);
      await frozen(store(), { skips: [missed] });
      expect(await store().ledger.skips('weekly')).toEqual([missed]);
    });
  });

  describe('an issue that was cancelled', () => {
    const cancelled = async (manual: boolean) => {
      const issue = await frozen(store(), { issue: { manual } });
      await store().ledger.cancel(issue.id, minutesAfter(1));
      return issue;
    };

    it('is not given to a person who freezes another for the same instant', async () => {
      const { occurrence } = await cancelled(true);
      const plan = await aPlan(store(), { issue: { occurrence, manual: true } });
      await expect(store().ledger.freeze(plan)).rejects.toMatchObject({ code: 'issue.state' });
    });

    it('is the record of its occurrence: a freeze decided before it is stale', async () => {
      for (const manual of [true, false]) {
        const { occurrence } = await cancelled(manual);
        const plan = await aPlan(store(), { issue: { occurrence } });
        expect(await store().ledger.freeze(plan)).toEqual({ kind: 'stale' });
        expect(await store().ledger.history('weekly')).toMatchObject({ lastScheduled: occurrence });
      }
    });
  });

  describe('a word beside the ledger', () => {
    it('makes what was decided before it stale, a freeze and a record alike', async () => {
      const plan = await aPlan(store());
      const { head } = await store().ledger.history('weekly');
      await store().ledger.unsettle('weekly');
      expect(await store().ledger.freeze(plan)).toEqual({ kind: 'stale' });
      expect(await store().ledger.recordSkips('weekly', [aSkipAt(minutesAfter(10))], [], head)).toBe('stale');
    });

    it('leaves other newsletters alone', async () => {
      const plan = await aPlan(store());
      await store().ledger.unsettle('daily');
      expect(await store().ledger.freeze(plan)).toMatchObject({ kind: 'frozen' });
    });
  });

  describe('a collection and a freeze', () => {
    it('do not pass each other by: a selection made before the collection is stale', async () => {
      const plan = await aPlan(store());
      await store().posts.save(aCollection('a', NOON));
      expect(await store().ledger.freeze(plan)).toEqual({ kind: 'stale' });
    });

    it('make news after every cut-off there was, also by a clock that has been set back', async () => {
      const issue = await frozen(store());
      await store().posts.save(aCollection('a', minutesAfter(-60)));
      const [known] = (await store().posts.known(['blog'])).posts;
      expect(known?.newsAt?.getTime()).toBeGreaterThan(issue.window.until.getTime());
    });

    it('leave two collections of one post with one post: the later is stale', async () => {
      const { version = 0 } = await store().posts.known(['blog']);
      expect(await store().posts.save(aCollection('a', NOON, version))).toBe('saved');
      expect(await store().posts.save(aCollection('b', NOON, version))).toBe('stale');
      expect((await store().posts.known(['blog'])).posts).toHaveLength(1);
    });

    it('know a post of a view by any key it has', async () => {
      await store().posts.save(aCollection('a', NOON));
      await store().posts.save(aCollection('b', NOON));
      const { posts, keys } = await store().posts.knownAmong(['blog'], [{ id: 'b' }]);
      expect(posts.map(({ uid }) => uid)).toEqual(['b']);
      expect(keys.every(({ uid }) => uid === 'b')).toBe(true);
    });
  });

  describe('open issues', () => {
    it('are those frozen or sending, and unfinished ones are paused as well', async () => {
      const issues = [];
      for (let nth = 0; nth < 4; nth += 1) issues.push(await frozen(store()));
      for (const [nth, state] of (['sending', 'paused', 'done'] as const).entries())
        await store().ledger.setState(issues[nth]?.id ?? 0, ['frozen'], state);
      const numbers = async (found: ReturnType<typeof open>) => (await found).map(({ number }) => number);
      const open = () => store().ledger.openIssues();
      expect(await numbers(open())).toEqual([1, 4]);
      expect(await numbers(store().ledger.unfinishedIssues())).toEqual([1, 2, 4]);
    });
  });
}
