import { describe, expect, it } from 'vitest';
import { isSumRight } from '../../src/domain/delivery.js';
import type { ReportFinding } from '../../src/domain/feedback.js';
import { SOFT_BOUNCES } from '../../src/domain/feedback-effects.js';
import type { Issue } from '../../src/domain/issue.js';
import type { FeedbackEvent } from '../../src/domain/ports/feedback-store.js';
import {
  ACCEPTED,
  aReader,
  begun,
  frozen,
  frozenFor,
  listed,
  minutesAfter,
  NOON,
  settled,
} from '../support/store-plans.js';
import type { Opened } from './store.contract.js';

const HARD: ReportFinding = {
  kind: 'bounce',
  bounce: 'hard',
  reply: { code: 550, enhanced: '5.1.1', text: 'no such user' },
};
const SOFT: ReportFinding = { kind: 'bounce', bounce: 'soft', reply: { code: 552, text: 'full' } };
const POLICY: ReportFinding = { kind: 'bounce', bounce: 'policy', reply: { code: 554, text: 'blocked' } };
const COMPLAINT: ReportFinding = { kind: 'complaint' };
const DAY = 24 * 60;

export function feedbackContract(store: Opened): void {
  /** Sends an issue to everybody, some days after the first. */
  async function sent(issue: Issue, days = 0): Promise<readonly number[]> {
    const deliveries = await begun(store(), issue, 'one', 100, issue.frozenAt);
    await settled(store(), deliveries, ACCEPTED, 'one', minutesAfter(days * DAY, issue.frozenAt));
    return deliveries.map(({ subscriber }) => subscriber);
  }

  async function sentTo(
    ...names: readonly string[]
  ): Promise<{ readonly issue: Issue; readonly readers: readonly number[] }> {
    const issue = await frozenFor(store(), names);
    return { issue, readers: await sent(issue) };
  }

  function event(id: string, issue: Issue, subscriber: number | undefined, finding: ReportFinding): FeedbackEvent {
    return {
      id,
      takenAt: minutesAfter(60, issue.frozenAt),
      tie: 'tied',
      delivery: { issue: issue.id, subscriber: subscriber ?? 0, newsletter: issue.newsletter },
      finding,
    };
  }

  const record = (...events: readonly FeedbackEvent[]) => store().feedback.record(events, SOFT_BOUNCES);
  const stateOf = async (issue: Issue, subscriber: number | undefined) =>
    (await listed(store().ledger.deliveries(issue.id))).find((row) => row.subscriber === subscriber)?.state;

  describe('what came back (rule: feedback)', () => {
    it('suppresses a dead address at once; the delivery is bounced, and the sum holds', async () => {
      const { issue, readers } = await sentTo('ann', 'bob');
      const done = await record(event('1', issue, readers[0], HARD));
      expect(done).toMatchObject({ suppressed: 1, unsubscribed: 0 });
      expect(await store().audience.suppression('ann@example.org')).toBe('hard-bounce');
      expect(await store().audience.suppression('bob@example.org')).toBeUndefined();
      expect(await stateOf(issue, readers[0])).toBe('bounced');
      const counts = await store().ledger.counts(issue.id);
      expect(counts).toMatchObject({ accepted: 1, bounced: 1, all: 2 });
      expect(isSumRight(counts)).toBe(true);
      expect(await store().feedback.ofIssue(issue.id)).toEqual({
        hard: 1,
        soft: 0,
        policy: 0,
        complaints: 0,
        unsubscribes: 0,
      });
    });

    it('counts once whatever is read again, also within one call', async () => {
      const { issue, readers } = await sentTo('ann');
      const again = event('1', issue, readers[0], COMPLAINT);
      expect((await record(again, again)).fresh.size).toBe(1);
      await store().audience.unsuppress('ann@example.org');
      const second = await record(again);
      expect([second.fresh.size, second.suppressed]).toEqual([0, 0]);
      // A person’s word on the address is not undone by reading the same file again.
      expect(await store().audience.suppression('ann@example.org')).toBeUndefined();
      expect(await store().feedback.ofIssue(issue.id)).toMatchObject({ complaints: 1 });
    });

    it('keeps an event and what it means together, or neither', async () => {
      const { issue, readers } = await sentTo('ann', 'bob');
      const broken = { ...event('2', issue, readers[1], HARD), takenAt: new Date(Number.NaN) };
      await expect(record(event('1', issue, readers[0], HARD), broken)).rejects.toThrow();
      expect(await store().audience.suppression('ann@example.org')).toBeUndefined();
      expect(await stateOf(issue, readers[0])).toBe('accepted');
      // The same file, read again by the next process.
      const done = await record(event('1', issue, readers[0], HARD), event('2', issue, readers[1], HARD));
      expect([done.fresh.size, done.suppressed]).toEqual([2, 2]);
      expect(await store().feedback.ofIssue(issue.id)).toMatchObject({ hard: 2 });
    });

    it('a policy of the receiving server suppresses nobody', async () => {
      const { issue, readers } = await sentTo('ann');
      await record(event('1', issue, readers[0], POLICY));
      expect(await store().audience.suppression('ann@example.org')).toBeUndefined();
      expect(await stateOf(issue, readers[0])).toBe('bounced');
      expect(await store().feedback.byDomain([issue.id])).toEqual([
        {
          domain: 'example.org',
          accepted: 1,
          deferred: 0,
          rejected: 0,
          hard: 0,
          soft: 0,
          policy: 1,
          complaints: 0,
          unsubscribes: 0,
        },
      ]);
    });

    it('what is tied to no delivery is counted and changes nobody', async () => {
      const { issue } = await sentTo('ann');
      const untied = { id: '1', takenAt: NOON, tie: 'untied', finding: HARD } as const;
      await record(untied, { ...untied, id: '2', tie: 'forged' });
      expect(await store().audience.suppression('ann@example.org')).toBeUndefined();
      expect(await store().feedback.ties(NOON)).toEqual({ tied: 0, forged: 1, untied: 1 });
      expect(await store().ledger.counts(issue.id)).toMatchObject({ accepted: 1, bounced: 0 });
    });

    it('a complaint takes the place of a bounce, and a bounce never that of a complaint', async () => {
      const { issue, readers } = await sentTo('ann');
      await record(event('1', issue, readers[0], HARD));
      await record(event('2', issue, readers[0], COMPLAINT));
      expect(await store().audience.suppression('ann@example.org')).toBe('complaint');
      await record(event('3', issue, readers[0], HARD));
      expect(await store().audience.suppression('ann@example.org')).toBe('complaint');
    });

    it('soft bounces suppress after three issues over two weeks, with none accepted in between', async () => {
      const { issue, readers } = await sentTo('ann');
      await record(event('1', issue, readers[0], SOFT));
      const second = await frozen(store());
      await sent(second);
      await record(event('2', second, readers[0], SOFT));
      expect(await store().audience.suppression('ann@example.org')).toBeUndefined();
      const third = await frozen(store());
      await sent(third);
      const { suppressed } = await record(event('3', third, readers[0], SOFT));
      expect(suppressed).toBe(1);
      expect(await store().audience.suppression('ann@example.org')).toBe('soft-bounces');
    });

    it('an issue that was accepted and kept begins the row anew', async () => {
      const { issue, readers } = await sentTo('ann');
      await record(event('1', issue, readers[0], SOFT));
      await sent(await frozen(store()));
      for (const id of ['2', '3']) {
        const next = await frozen(store());
        await sent(next);
        await record(event(id, next, readers[0], SOFT));
      }
      expect(await store().audience.suppression('ann@example.org')).toBeUndefined();
    });

    it('ends the subscription of who asks for it', async () => {
      const { issue, readers } = await sentTo('ann');
      expect(await record(event('1', issue, readers[0], { kind: 'unsubscribe' }))).toMatchObject({ unsubscribed: 1 });
      expect((await store().audience.reader('weekly', readers[0] ?? 0))?.state).toBe('unsubscribed');
    });

    it('a delivery that never left is no delivery', async () => {
      const issue = await frozenFor(store(), ['ann']);
      const [ann] = await listed(store().ledger.deliveries(issue.id));
      expect(
        await store().feedback.sentDelivery({ issue: issue.id, subscriber: ann?.subscriber ?? 0 }),
      ).toBeUndefined();
      await sent(issue);
      expect(await store().feedback.sentDelivery({ issue: issue.id, subscriber: ann?.subscriber ?? 0 })).toMatchObject({
        newsletter: 'weekly',
        number: 1,
        state: 'accepted',
      });
    });

    it('of an erased reader nothing is kept but that it came back', async () => {
      const { issue, readers } = await sentTo('ann');
      await record(event('1', issue, readers[0], HARD));
      await store().audience.erase(readers[0] ?? 0, 'erased-key', NOON);
      expect(await record(event('2', issue, readers[0], COMPLAINT))).toMatchObject({ suppressed: 0 });
      expect(await store().feedback.ofIssue(issue.id)).toMatchObject({ hard: 1, complaints: 1 });
      expect(await store().feedback.byDomain([issue.id])).toEqual([]);
    });

    it('lists and ends who bounced, and who never confirmed; the evidence stays', async () => {
      const { issue, readers } = await sentTo('ann', 'bob');
      await store().audience.add('weekly', [aReader('cai', { state: 'pending' })], NOON);
      await record(event('1', issue, readers[0], HARD));
      const found = await listed(store().feedback.tidyable(NOON));
      expect(found.map(({ address, why }) => [address, why])).toEqual([
        ['ann@example.org', 'hard-bounce'],
        ['cai@example.org', 'unconfirmed'],
      ]);
      expect(await store().feedback.tidy(found)).toBe(2);
      expect(await listed(store().feedback.tidyable(NOON))).toEqual([]);
      expect(await store().audience.suppression('ann@example.org')).toBe('hard-bounce');
      expect((await store().audience.find('ann@example.org'))?.subscriptions[0]?.consent.source).toBe('form');
    });
  });
}
