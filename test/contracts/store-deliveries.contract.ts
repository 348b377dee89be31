import { describe, expect, it } from 'vitest';
import { type BegunDelivery, isSumRight, MOST_TRIES } from '../../src/domain/delivery.js';
import type { Outcome } from '../../src/domain/reply.js';
import {
  ACCEPTED,
  BAD_SENDER,
  begun,
  by,
  frozen,
  frozenFor,
  GREYLISTED,
  listed,
  minutesAfter,
  NO_SUCH_USER,
  NOON,
  settled,
  UNKNOWN,
} from '../support/store-plans.js';
import type { Opened } from './store.contract.js';

export function deliveriesContract(store: Opened): void {
  const rowsOf = async (issue: number) => await listed(store().ledger.deliveries(issue));
  const claim = (issue: number, owner: string, now: Date, limit = 100) =>
    store().ledger.claim({ issue, owner, limit, leaseMs: 60_000, now });

  describe('a claim', () => {
    it('takes no more than asked for, and no other run gets the same rows', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob', 'cai']);
      const mine = await claim(issue.id, 'one', NOON, 2);
      const yours = await claim(issue.id, 'two', NOON);
      expect([mine.length, yours.length]).toEqual([2, 1]);
      expect(new Set([...mine, ...yours].map((ref) => ref.subscriber)).size).toBe(3);
      expect(await store().ledger.owners(issue.id)).toEqual(['one', 'two']);
    });

    it('takes rows in the order they are due, fresh ones before those that were tried (rule: fairness)', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob', 'cai', 'dan', 'eve']);
      const order = async (now: Date, limit = 100) =>
        (await claim(issue.id, 'one', now, limit)).map(({ subscriber }) => subscriber);
      const [ann, bob, cai, dan, eve] = await order(NOON);
      await store().ledger.release(issue.id, 'one');
      const begin = async (subscriber: number | undefined, outcome: Outcome, at: Date) => {
        await claim(issue.id, 'one', NOON);
        const ref = { issue: issue.id, subscriber: subscriber ?? 0 };
        await store().ledger.exchange([], [ref], by('one'));
        await settled(store(), [ref], outcome, 'one', at);
        await store().ledger.release(issue.id, 'one');
      };
      await begin(ann, BAD_SENDER, minutesAfter(3));
      await begin(cai, BAD_SENDER, minutesAfter(1));
      await begin(bob, GREYLISTED, minutesAfter(1));
      expect(await order(minutesAfter(4))).toEqual([dan, eve, cai, bob, ann]);
      await store().ledger.release(issue.id, 'one');
      expect(await order(minutesAfter(4), 3)).toEqual([dan, eve, cai]);
    });

    it('is given back when its lease ends, and then lost to its owner', async () => {
      const issue = await frozenFor(store(), ['ann']);
      const refs = await claim(issue.id, 'one', NOON);
      expect(await claim(issue.id, 'two', minutesAfter(0.5))).toEqual([]);
      expect(await claim(issue.id, 'two', minutesAfter(1))).toEqual(refs);
      expect(await store().ledger.exchange([], refs, by('one'))).toEqual([{ kind: 'lost', ref: refs[0] }]);
    });

    it('names the owners whose every lease has ended, of claims and of attempts', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob', 'cai']);
      await begun(store(), issue, 'one', 1, NOON);
      await claim(issue.id, 'two', NOON, 1);
      await claim(issue.id, 'two', minutesAfter(0.5), 1);
      expect(await store().ledger.owners(issue.id)).toEqual(['one', 'two']);
      expect(await store().ledger.owners(issue.id, minutesAfter(0.9))).toEqual([]);
      expect(await store().ledger.owners(issue.id, minutesAfter(1))).toEqual(['one']);
      expect(await store().ledger.owners(issue.id, minutesAfter(2))).toEqual(['one', 'two']);
    });

    it('is given back when its owner releases it, but not what is on the wire', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob']);
      await begun(store(), issue, 'one', 1);
      await claim(issue.id, 'one', issue.frozenAt);
      await store().ledger.release(issue.id, 'one');
      expect(await store().ledger.counts(issue.id)).toMatchObject({ planned: 1, attempted: 1, claimed: 0 });
    });
  });

  describe('an exchange', () => {
    it('begins with the reader as they are, and records the reply of the server', async () => {
      const issue = await frozenFor(store(), ['ann']);
      const [delivery] = await begun(store(), issue);
      expect(delivery).toMatchObject({
        issue: issue.id,
        attempt: 1,
        reader: { subscriber: { address: 'ann@example.org', name: 'ann' }, state: 'active', erased: false },
      });
      expect((await store().ledger.edition(delivery?.edition ?? 0)).key).toBe('whole');
      await settled(store(), delivery ? [delivery] : [], ACCEPTED);
      expect(await rowsOf(issue.id)).toMatchObject([
        { state: 'accepted', attempts: 1, unknownOutcomes: 0, reply: ACCEPTED.reply, settledAt: NOON },
      ]);
    });

    it('settles and begins in one call', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob']);
      const refs = await claim(issue.id, 'one', NOON);
      await store().ledger.exchange([], refs.slice(0, 1), by('one'));
      const settlements = refs.slice(0, 1).map((delivery) => ({ delivery, outcome: ACCEPTED, at: NOON }));
      const results = await store().ledger.exchange(settlements, refs.slice(1), by('one'));
      expect(results.map((result) => result.kind)).toEqual(['begun']);
      expect(await store().ledger.counts(issue.id)).toMatchObject({ accepted: 1, attempted: 1 });
    });

    it('is counted by what was accepted after a moment', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob', 'cai']);
      const [ann, bob, cai] = (await begun(store(), issue)) as [BegunDelivery, BegunDelivery, BegunDelivery];
      await settled(store(), [ann], ACCEPTED, 'one', NOON);
      await settled(store(), [bob], ACCEPTED, 'one', minutesAfter(1));
      await settled(store(), [cai], NO_SUCH_USER, 'one', minutesAfter(1));
      expect(await store().ledger.acceptedSince(issue.id, NOON)).toBe(1);
    });

    it('settles different outcomes together as it would one by one, and a second answer of one delivery not at all', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob', 'cai', 'dan', 'eve']);
      const deliveries = await begun(store(), issue);
      const [ann, bob, cai, dan, eve] = deliveries as [
        BegunDelivery,
        BegunDelivery,
        BegunDelivery,
        BegunDelivery,
        BegunDelivery,
      ];
      const outcomes: readonly (readonly [BegunDelivery, Outcome])[] = [
        [ann, ACCEPTED],
        [bob, GREYLISTED],
        [cai, NO_SUCH_USER],
        [dan, UNKNOWN],
        [bob, NO_SUCH_USER],
        [eve, BAD_SENDER],
        [dan, ACCEPTED],
      ];
      await store().ledger.exchange(
        outcomes.map(([delivery, outcome]) => ({ delivery, outcome, at: NOON })),
        [],
        by('one'),
      );
      const rows = await rowsOf(issue.id);
      expect(new Map(rows.map(({ address, state, reply }) => [address, [state, reply?.text]]))).toEqual(
        new Map([
          ['ann@example.org', ['accepted', 'queued']],
          ['bob@example.org', ['planned', 'later']],
          ['cai@example.org', ['rejected', 'no such user']],
          ['dan@example.org', ['accepted', 'queued']],
          ['eve@example.org', ['planned', 'sender refused']],
        ]),
      );
      expect(await store().audience.suppression('cai@example.org')).toBe('hard-bounce');
      expect(await store().audience.suppression('bob@example.org')).toBeUndefined();
    });

    it('of a dead owner is settled once by two that reclaim it at the same moment (rule: owner)', async () => {
      for (let round = 0; round < 5; round += 1) {
        const issue = await frozenFor(store(), ['ann', 'bob', 'cai']);
        await begun(store(), issue, 'gone', 2);
        await claim(issue.id, 'gone', NOON);
        const reclaimed = await Promise.all([
          store().ledger.reclaim(issue.id, 'gone', NOON),
          store().ledger.reclaim(issue.id, 'gone', NOON),
        ]);
        expect(reclaimed.map(({ freed, unknown }) => freed + unknown).sort()).toEqual([0, 3]);
      }
    });

    it('leaves no delivery planned of an issue that is cancelled at the same moment', async () => {
      for (let round = 0; round < 8; round += 1) {
        const issue = await frozenFor(store(), ['ann', 'bob', 'cai']);
        const [ann, bob] = await begun(store(), issue, 'one', 2);
        await Promise.all([
          store().ledger.cancel(issue.id, NOON),
          settled(store(), ann ? [ann] : [], GREYLISTED),
          store().ledger.giveBack(issue.id, 'one', [bob?.subscriber ?? 0], NOON),
        ]);
        const counts = await store().ledger.counts(issue.id);
        expect(counts).toMatchObject({ planned: 0, claimed: 0, attempted: 0 });
        expect(isSumRight(counts)).toBe(true);
      }
    });

    it('is undone for a delivery that was begun and not sent, by its owner only', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob', 'cai']);
      const [ann, bob] = await begun(store(), issue, 'one', 2);
      await begun(store(), issue, 'two', 1);
      const subscribers = [1, 2, 3];
      await store().ledger.giveBack(issue.id, 'one', subscribers.slice(0, 1), NOON);
      expect(await store().ledger.counts(issue.id)).toMatchObject({ planned: 1, attempted: 2 });
      await store().ledger.giveBack(issue.id, 'one', subscribers, NOON);
      expect(await store().ledger.counts(issue.id)).toMatchObject({ planned: 2, attempted: 1, unknown: 0 });
      const again = await begun(store(), issue, 'three');
      expect(again.map(({ subscriber, attempt }) => [subscriber, attempt])).toEqual([
        [ann?.subscriber, 1],
        [bob?.subscriber, 1],
      ]);
    });

    it('begins nothing twice', async () => {
      const issue = await frozenFor(store(), ['ann']);
      const refs = await claim(issue.id, 'one', NOON);
      const twice = await store().ledger.exchange([], [...refs, ...refs], by('one'));
      expect(twice.map((result) => result.kind)).toEqual(['begun', 'lost']);
    });

    it('skips who was suppressed since the freeze, and for this issue that stays', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob']);
      await store().audience.suppress('ann@example.org', 'complaint', NOON);
      const refs = await claim(issue.id, 'one', NOON);
      const results = await store().ledger.exchange([], refs, by('one'));
      expect(results.map((result) => (result.kind === 'skipped' ? result.reason : result.kind))).toEqual(
        expect.arrayContaining(['suppressed', 'begun']),
      );
      expect(await store().ledger.counts(issue.id)).toMatchObject({ attempted: 1, skippedBy: { suppressed: 1 } });
    });

    it('puts a deferred delivery off, and counts the reader’s own deferrals only', async () => {
      const issue = await frozenFor(store(), ['ann']);
      const at = issue.frozenAt;
      await settled(store(), await begun(store(), issue), GREYLISTED, 'one', at);
      expect(await store().ledger.nextDue(issue.id)).toEqual(minutesAfter(1, at));
      expect(await store().ledger.counts(issue.id)).toMatchObject({ planned: 1, deferred: 1 });
      expect(await claim(issue.id, 'one', at)).toEqual([]);
      const due = minutesAfter(1, at);
      await settled(store(), await begun(store(), issue, 'one', 1, due), GREYLISTED, 'one', due);
      expect(await store().ledger.nextDue(issue.id)).toEqual(minutesAfter(6, at));
    });

    it.each([
      ['is put off by its reader’s server', { ...GREYLISTED }, false, MOST_TRIES.deferred],
      ['alone is refused by a policy', { ...BAD_SENDER }, true, MOST_TRIES.rejected],
    ] as const)(
      'that %s is tried so often and no more, at growing waits, and leaves no mark',
      async (_, outcome, ofRow, most) => {
        const issue = await frozenFor(store(), ['ann']);
        const waits: number[] = [];
        let at = issue.frozenAt;
        for (let tries = 0; tries < most; tries += 1) {
          const [delivery] = await begun(store(), issue, 'one', 1, at);
          expect(delivery).toMatchObject({ attempt: tries + 1 });
          if (delivery) await store().ledger.exchange([{ delivery, outcome, at, ofRow }], [], by('one', at));
          const due = await store().ledger.nextDue(issue.id);
          if (!due) break;
          waits.push(due.getTime() - at.getTime());
          at = due;
        }
        expect(waits).toHaveLength(most - 1);
        expect(waits).toEqual([...waits].sort((one, other) => one - other));
        expect(await rowsOf(issue.id)).toMatchObject([{ state: 'rejected', attempts: most }]);
        expect(await store().audience.find('ann@example.org')).not.toHaveProperty('suppressed');
      },
    );

    it('is put off by no limit: nobody’s try is used up, however often it is said', async () => {
      const issue = await frozenFor(store(), ['ann']);
      const limit: Outcome = { kind: 'rejected', scope: 'limit', bounce: 'none', reply: { code: 550, text: 'quota' } };
      for (let tries = 0; tries < 2 * MOST_TRIES.deferred; tries += 1) {
        await settled(store(), await begun(store(), issue), limit, 'one', issue.frozenAt);
      }
      expect(await store().ledger.counts(issue.id)).toMatchObject({ planned: 1, deferred: 0, rejected: 0 });
    });

    it('keeps a delivery planned for a fault that is not the reader’s', async () => {
      const issue = await frozenFor(store(), ['ann']);
      await settled(store(), await begun(store(), issue), BAD_SENDER);
      expect(await rowsOf(issue.id)).toMatchObject([{ state: 'planned', attempts: 1, reply: BAD_SENDER.reply }]);
      expect(await store().audience.find('ann@example.org')).not.toHaveProperty('suppressed');
    });

    it('suppresses an address that does not exist', async () => {
      const issue = await frozenFor(store(), ['ann']);
      await settled(store(), await begun(store(), issue), NO_SUCH_USER);
      expect(await rowsOf(issue.id)).toMatchObject([{ state: 'rejected', reply: NO_SUCH_USER.reply }]);
      expect(await store().audience.find('ann@example.org')).toMatchObject({ suppressed: 'hard-bounce' });
    });

    it('suppresses the address that was written to, not the one a reader has moved to since', async () => {
      const issue = await frozenFor(store(), ['ann']);
      const delivery = (await begun(store(), issue))[0] as BegunDelivery;
      const to = { address: 'ann@example.net', addressKey: 'ann@example.net' };
      await store().audience.changeAddress(delivery.subscriber, to);
      await store().ledger.exchange([{ delivery, outcome: NO_SUCH_USER, at: NOON }], [], by('one'));
      expect((await store().audience.find('ann@example.net'))?.suppressed).toBeUndefined();
      expect(await store().audience.unsuppress('ann@example.org')).toBe(true);
    });

    it('keeps nothing of a reader who was erased while their mail bounced', async () => {
      const issue = await frozenFor(store(), ['ann']);
      const delivery = (await begun(store(), issue))[0] as BegunDelivery;
      await store().audience.erase(delivery.subscriber, 'hash', NOON);
      await store().ledger.exchange([{ delivery, outcome: NO_SUCH_USER, at: NOON }], [], by('one'));
      expect(await store().audience.unsuppress('ann@example.org')).toBe(false);
      expect(await listed(store().ledger.deliveries(issue.id))).toMatchObject([
        { state: 'rejected', reply: { code: 550, text: '' } },
      ]);
    });

    it('never takes the answer to an earlier attempt for the answer to a later one', async () => {
      const issue = await frozenFor(store(), ['ann']);
      const [first] = await begun(store(), issue, 'one');
      await store().ledger.reclaim(issue.id, 'one', NOON);
      const [second] = await begun(store(), issue, 'one');
      const answer = (delivery: typeof first, outcome: Outcome) =>
        store().ledger.exchange(delivery ? [{ delivery, outcome, at: NOON }] : [], [], by('one'));
      await answer(first, NO_SUCH_USER);
      expect(await store().ledger.counts(issue.id)).toMatchObject({ attempted: 1, rejected: 0 });
      await answer(second, ACCEPTED);
      expect(await store().ledger.counts(issue.id)).toMatchObject({ attempted: 0, accepted: 1 });
    });

    it('ignores the word of one who does not hold the delivery', async () => {
      const issue = await frozenFor(store(), ['ann']);
      const refs = await begun(store(), issue, 'one');
      await settled(store(), refs, NO_SUCH_USER, 'two');
      expect(await store().ledger.counts(issue.id)).toMatchObject({ attempted: 1 });
    });
  });

  describe('what is not kept any more', () => {
    it('gives way to the sums of an issue that is over, and stays for any other', async () => {
      const over = await frozenFor(store(), ['ann', 'bob']);
      const [ann, bob] = (await begun(store(), over)) as [BegunDelivery, BegunDelivery];
      await settled(store(), [ann], ACCEPTED);
      await settled(store(), [bob], NO_SUCH_USER);
      const before = await store().ledger.counts(over.id);
      await store().ledger.setState(over.id, ['frozen'], 'done');
      const open = await frozen(store());
      const never = minutesAfter(1_000_000);
      expect(await store().ledger.forgetDeliveries(over.frozenAt)).toEqual({ issues: 0, deliveries: 0 });
      expect(await store().ledger.forgetDeliveries(never)).toEqual({ issues: 1, deliveries: 2 });
      expect(await store().ledger.forgetDeliveries(never)).toEqual({ issues: 0, deliveries: 0 });
      expect(await rowsOf(over.id)).toEqual([]);
      expect(await store().ledger.counts(over.id)).toEqual(before);
      expect(await rowsOf(open.id)).toHaveLength(2);
    });
  });

  describe('an unknown outcome', () => {
    it('after a take-over is tried once more, and a second one stays unknown', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob']);
      await begun(store(), issue, 'one', 1);
      await claim(issue.id, 'one', issue.frozenAt);
      expect(await store().ledger.reclaim(issue.id, 'one', NOON)).toEqual({ freed: 1, unknown: 1 });
      expect(await store().ledger.counts(issue.id)).toMatchObject({ planned: 2, deferred: 0 });
      expect(await store().ledger.owners(issue.id)).toEqual([]);
      const again = await begun(store(), issue, 'two');
      expect(again.map((delivery) => delivery.attempt).sort()).toEqual([1, 2]);
      await store().ledger.reclaim(issue.id, 'two', NOON);
      expect(await store().ledger.counts(issue.id)).toMatchObject({ planned: 1, unknown: 1 });
      expect(await store().ledger.retryUnknown(issue.id)).toBe(0);
    });

    it('is left to a person when the issue says hold', async () => {
      const issue = await frozenFor(store(), ['ann'], { issue: { onUnknownOutcome: 'hold' } });
      await begun(store(), issue);
      expect(await store().ledger.reclaim(issue.id, 'one', NOON)).toEqual({ freed: 0, unknown: 1 });
      expect(await store().ledger.retryUnknown(issue.id)).toBe(0);
      expect(await store().ledger.counts(issue.id)).toMatchObject({ unknown: 1 });
      expect(await store().ledger.resend(issue.id, 'unknown', NOON)).toBe(1);
      expect(await begun(store(), issue)).toMatchObject([{ attempt: 2 }]);
    });

    it('of a server that gave no answer is tried once more when asked', async () => {
      const issue = await frozenFor(store(), ['ann']);
      await settled(store(), await begun(store(), issue), UNKNOWN);
      expect(await rowsOf(issue.id)).toMatchObject([{ state: 'unknown', unknownOutcomes: 1, reply: UNKNOWN.reply }]);
      expect(await store().ledger.retryUnknown(issue.id)).toBe(1);
      await settled(store(), await begun(store(), issue), UNKNOWN);
      expect(await store().ledger.retryUnknown(issue.id)).toBe(0);
    });

    it('about a reader who has left stays unknown and is never tried again by itself', async () => {
      const issue = await frozenFor(store(), ['ann']);
      await begun(store(), issue);
      await store().ledger.reclaim(issue.id, 'one', NOON);
      await store().audience.suppress('ann@example.org', 'complaint', NOON);
      const refs = await claim(issue.id, 'two', NOON);
      expect(await store().ledger.exchange([], refs, by('two'))).toEqual([{ kind: 'left-unknown', ref: refs[0] }]);
      expect(await store().ledger.retryUnknown(issue.id)).toBe(0);
      expect(await store().ledger.counts(issue.id)).toMatchObject({ unknown: 1, all: 1 });
    });

    it('ends when the owner taken for dead reports that the server took the mail', async () => {
      const issue = await frozenFor(store(), ['ann']);
      const refs = await begun(store(), issue, 'one');
      await store().ledger.reclaim(issue.id, 'one', NOON);
      await settled(store(), refs, ACCEPTED, 'one');
      expect(await store().ledger.counts(issue.id)).toMatchObject({ accepted: 1, planned: 0 });
      expect(await begun(store(), issue, 'two')).toEqual([]);
    });
  });

  describe('a resend', () => {
    it('plans rejected deliveries once more; what became of a reader who is suppressed stays as it is', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob']);
      const softly = { ...NO_SUCH_USER, bounce: 'soft' } as const;
      const [first, second] = await begun(store(), issue);
      await settled(store(), first ? [first] : [], NO_SUCH_USER);
      await settled(store(), second ? [second] : [], softly);
      expect(await store().ledger.resendable(issue, 'rejected', NOON)).toBe(1);
      expect(await store().ledger.resend(issue.id, 'rejected', NOON)).toBe(1);
      expect(await begun(store(), issue)).toHaveLength(1);
      expect(await store().ledger.counts(issue.id)).toMatchObject({ attempted: 1, rejected: 1, skipped: 0 });
      expect(await store().ledger.resend(issue.id, 'rejected', NOON)).toBe(0);
      const kept = (await rowsOf(issue.id)).find(({ state }) => state === 'rejected');
      expect(kept?.reply).toEqual(NO_SUCH_USER.reply);
    });

    it('is refused for a cancelled issue', async () => {
      const issue = await frozenFor(store(), ['ann']);
      await store().ledger.cancel(issue.id, NOON);
      await expect(store().ledger.resend(issue.id, 'unknown', NOON)).rejects.toMatchObject({ code: 'issue.state' });
    });
  });

  describe('refused readers', () => {
    it('are returned as if never tried, with the suppressions that came from it and no others', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob', 'cai', 'dan']);
      await store().audience.suppress('bob@example.org', 'hard-bounce', minutesAfter(-60));
      const refs = await begun(store(), issue);
      const all = [...(await rowsOf(issue.id))];
      const idOf = (name: string) => all.find(({ address }) => address.startsWith(name))?.subscriber ?? 0;
      const refOf = (name: string) => refs.filter(({ subscriber }) => subscriber === idOf(name));
      await settled(store(), refOf('ann'), NO_SUCH_USER, 'one', minutesAfter(1));
      await settled(store(), refOf('cai'), GREYLISTED, 'one', minutesAfter(1));
      await settled(store(), refOf('dan'), ACCEPTED, 'one', minutesAfter(1));
      const ids = ['ann', 'bob', 'cai', 'dan'].map(idOf);
      expect(await store().ledger.returnRefused(issue.id, ids)).toEqual({ deliveries: 2, suppressions: 1 });
      expect(await store().ledger.counts(issue.id)).toMatchObject({ planned: 2, deferred: 0, accepted: 1, skipped: 1 });
      expect(await store().audience.find('ann@example.org')).not.toHaveProperty('suppressed');
      expect(await store().audience.find('bob@example.org')).toMatchObject({ suppressed: 'hard-bounce' });
      expect((await begun(store(), issue)).map(({ attempt }) => attempt)).toEqual([2, 2]);
      expect(await store().ledger.returnRefused(issue.id, [])).toEqual({ deliveries: 0, suppressions: 0 });
    });

    it('of a cancelled issue stay as they are', async () => {
      const issue = await frozenFor(store(), ['ann']);
      await settled(store(), await begun(store(), issue), NO_SUCH_USER);
      await store().ledger.cancel(issue.id, NOON);
      await expect(store().ledger.returnRefused(issue.id, [1])).rejects.toMatchObject({ code: 'issue.state' });
    });

    it('are counted, and told since the last accepted message or since a moment', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob', 'cai', 'dan']);
      const refs = await begun(store(), issue);
      const one = (nth: number) => refs.slice(nth, nth + 1);
      await settled(store(), one(0), NO_SUCH_USER, 'one', minutesAfter(1));
      await settled(store(), one(1), ACCEPTED, 'one', minutesAfter(2));
      await settled(store(), one(2), NO_SUCH_USER, 'one', minutesAfter(3));
      await settled(store(), one(3), GREYLISTED, 'one', minutesAfter(4));
      const { latest, ...counts } = await store().ledger.answers(issue.id);
      expect(counts).toEqual({ accepted: 1, refused: 3 });
      expect(latest.map(({ kind, reply }) => [kind, reply])).toEqual([
        ['rejected', NO_SUCH_USER.reply],
        ['deferred', GREYLISTED.reply],
      ]);
      expect((await store().ledger.answers(issue.id, minutesAfter(3))).latest).toHaveLength(1);
    });

    it('are told once of a reader who is answered as before, and the answer before is told to the next try', async () => {
      const issue = await frozenFor(store(), ['ann']);
      const first = (await begun(store(), issue, 'one', 1)) as BegunDelivery[];
      expect(first[0]).not.toHaveProperty('before');
      await settled(store(), first, GREYLISTED, 'one', NOON);
      const [again] = (await begun(store(), issue, 'one', 1, minutesAfter(5))) as BegunDelivery[];
      expect(again).toMatchObject({ subscriber: first[0]?.subscriber, before: GREYLISTED.reply });
      await settled(store(), again ? [again] : [], GREYLISTED, 'one', minutesAfter(5));
      const { latest, refused } = await store().ledger.answers(issue.id);
      expect([latest.length, refused]).toEqual([1, 2]);
    });
  });

  describe('what comes too late', () => {
    it('is skipped as overdue at the next freeze, but only what was deferred', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob', 'cai']);
      const [deferred, unknown] = await begun(store(), issue, 'one', 2);
      await settled(store(), deferred ? [deferred] : [], GREYLISTED);
      await store().ledger.reclaim(issue.id, 'one', NOON);
      const [again] = await begun(store(), issue, 'two', 1);
      expect(again?.subscriber).toBe(unknown?.subscriber);
      await settled(store(), again ? [again] : [], GREYLISTED, 'two');
      await frozen(store());
      expect(await store().ledger.counts(issue.id)).toMatchObject({
        planned: 1,
        unknown: 1,
        skippedBy: { overdue: 1 },
        deferred: 0,
        all: 3,
      });
    });

    it('is nothing that no reader’s server put off: what broke off, or failed for our own fault, still goes out', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob', 'cai']);
      const [ann, bob, cai] = (await begun(store(), issue)) as [BegunDelivery, BegunDelivery, BegunDelivery];
      await settled(store(), [ann], GREYLISTED);
      await settled(store(), [bob], BAD_SENDER);
      await settled(store(), [cai], { kind: 'deferred', scope: 'connection', reply: { text: 'refused' } });
      expect(await store().ledger.counts(issue.id)).toMatchObject({ planned: 3, deferred: 1 });
      const put = await listed(store().ledger.deliveries(issue.id, ['deferred']));
      expect(put.map(({ subscriber }) => subscriber)).toEqual([ann.subscriber]);
      await frozen(store());
      expect(await store().ledger.counts(issue.id)).toMatchObject({ planned: 2, skippedBy: { overdue: 1 }, all: 3 });
    });

    it('closes its issue when nothing else of it is open, and leaves it open otherwise', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob']);
      await store().ledger.setState(issue.id, ['frozen'], 'sending');
      const [first, second] = await begun(store(), issue);
      await settled(store(), first ? [first] : [], GREYLISTED);
      await frozen(store());
      expect((await store().ledger.issue('weekly', 1))?.state).toBe('sending');
      await settled(store(), second ? [second] : [], GREYLISTED);
      await frozen(store());
      expect((await store().ledger.issue('weekly', 1))?.state).toBe('done');
    });

    it('is skipped when its issue was cancelled while it was on the wire', async () => {
      const issue = await frozenFor(store(), ['ann', 'bob']);
      const refs = await begun(store(), issue);
      await store().ledger.cancel(issue.id, NOON);
      await settled(store(), refs.slice(0, 1), GREYLISTED);
      await store().ledger.reclaim(issue.id, 'one', NOON);
      const counts = await store().ledger.counts(issue.id);
      expect(counts).toMatchObject({ skipped: 1, unknown: 1, planned: 0 });
      expect(isSumRight(counts)).toBe(true);
    });
  });

  describe('a long list of deliveries', () => {
    it('is read page by page, every row once', async () => {
      const names = Array.from({ length: 2_100 }, (_, index) => `reader-${index}`);
      const issue = await frozenFor(store(), names);
      const rows = await rowsOf(issue.id);
      expect(new Set(rows.map((row) => row.subscriber)).size).toBe(2_100);
      expect(await store().ledger.editions(issue.id)).toMatchObject([{ readers: 2_100 }]);
    });
  });
}
