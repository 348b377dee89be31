/** A running issue of which too much comes back is paused (rule: feedback). */
import { describe, expect, it } from 'vitest';
import { openBounceAddresses } from '../../src/audience/bounce-addresses.js';
import { BREAKER, isSoftTooOften, SOFT_BOUNCES, whyBreak } from '../../src/domain/feedback-effects.js';
import { openSqliteStore } from '../../src/store/index.js';
import { aContext } from '../support/app-context.js';
import { ACCEPTED, begun, frozenFor, settled } from '../support/store-plans.js';
import { dsnText } from './samples/sample.js';

const addresses = openBounceAddresses({
  address: 'bounces@news.example.org',
  secrets: [{ kid: 'k1', secret: 'x'.repeat(32) }],
});

/** A running issue with as many accepted mails, one of which is still to be sent. */
async function running(accepted: number) {
  const store = await openSqliteStore({ path: ':memory:' });
  const issue = await frozenFor(
    store,
    Array.from({ length: accepted + 1 }, (_, nth) => `reader${nth}`),
  );
  await store.ledger.setState(issue.id, ['frozen'], 'sending');
  const deliveries = await begun(store, issue, 'one', accepted);
  await settled(store, deliveries, ACCEPTED, 'one', issue.frozenAt);
  const context = await aContext({ store });
  const bounce = async (count: number) => {
    const mails = deliveries.slice(0, count).map(({ subscriber }) =>
      dsnText({ status: 'Final-Recipient: rfc822; x@example.org\nAction: failed\nStatus: 5.1.1\n', returned: '' })
        .replace(/^To: .*$/m, `To: ${addresses.bounceAddress({ issue: issue.id, subscriber })}`)
        .replace('dsn-1', `dsn-${subscriber}`),
    );
    const mbox = mails.map((mail) => `From x\n${mail}\n`).join('');
    await context.feedback.readMails({
      from: (async function* () {
        yield Buffer.from(mbox);
      })(),
    });
  };
  const state = async () => (await store.ledger.issue('weekly', issue.number))?.state;
  return { context, issue, store, bounce, state };
}

describe('a running issue', () => {
  it('is paused with its reason when more than a twentieth of its mails come back', async () => {
    const { context, store, bounce, state } = await running(200);
    await bounce(10);
    expect(await state()).toBe('sending');
    await bounce(11);
    expect(await state()).toBe('paused');
    const issue = await store.ledger.issue('weekly', 1);
    const reason = issue && (await context.sending.pauseReason(issue));
    expect(reason?.reason).toBe('11 of 200 mails came back because the address does not exist, more than 5 %.');
    expect(reason?.advice).toContain('gazette subscribers tidy');
  });

  it('goes on while too few were delivered to mean anything', async () => {
    const { bounce, state } = await running(50);
    await bounce(50);
    expect(await state()).toBe('sending');
  });
});

describe('what is too much', () => {
  it('is judged by shares, and complaints by a few of them at least', () => {
    const why = (delivered: number, hard: number, complaints: number) =>
      whyBreak({ delivered, hard, complaints }, BREAKER);
    expect(why(1000, 50, 0)).toBeUndefined();
    expect(why(1000, 51, 0)).toContain('51 of 1000');
    expect(why(200, 0, 2)).toBeUndefined();
    expect(why(1000, 0, 4)).toContain('marked the mail as spam, more than 0.3 %');
    expect(why(199, 199, 199)).toBeUndefined();
  });

  it('soft bounces: enough issues, far enough apart, none accepted between', () => {
    const day = 24 * 60 * 60 * 1000;
    const past = (...days: readonly (readonly [day: number, what: 'soft' | 'accepted' | 'policy'])[]) =>
      days.map(([at, what]) => ({
        settledAt: at * day,
        state: what === 'accepted' ? ('accepted' as const) : ('bounced' as const),
        isSoft: what === 'soft',
      }));
    const tooOften = (...days: readonly (readonly [day: number, what: 'soft' | 'accepted' | 'policy'])[]) =>
      isSoftTooOften(past(...days), SOFT_BOUNCES);
    expect(tooOften([14, 'soft'], [7, 'soft'], [0, 'soft'])).toBe(true);
    expect(tooOften([13, 'soft'], [7, 'soft'], [0, 'soft'])).toBe(false);
    expect(tooOften([14, 'soft'], [0, 'soft'])).toBe(false);
    expect(tooOften([21, 'soft'], [14, 'soft'], [7, 'accepted'], [0, 'soft'])).toBe(false);
    // One that was sent after the latest, and has not come back yet, says nothing.
    expect(tooOften([15, 'accepted'], [14, 'soft'], [7, 'soft'], [0, 'soft'])).toBe(true);
    expect(tooOften([14, 'soft'], [10, 'policy'], [7, 'soft'], [0, 'soft'])).toBe(true);
    expect(tooOften()).toBe(false);
  });
});
