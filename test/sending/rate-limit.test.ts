import { describe, expect, it } from 'vitest';
import { openUseCases } from '../../src/app-context.js';
import type { RateLimits } from '../../src/deliver/rate-limit.js';
import { openSharedRateLimit } from '../../src/deliver/shared-rate-limit.js';
import type { Store } from '../../src/domain/ports/storage.js';
import type { Outcome } from '../../src/domain/reply.js';
import { openSqliteStore } from '../../src/store/index.js';
import { ACCEPTED, aContext, addReaders, type HandClock, type TestContext } from '../support/app-context.js';
import { aPost } from '../support/builders.js';

const newsletterOf = (deps: TestContext) => [...deps.newsletters.values()][0] as never;
const send = (deps: TestContext) =>
  deps.sending.sendNext({ newsletter: newsletterOf(deps), confirm: async () => true });
const post = aPost({ publishedAt: new Date('2026-06-10T09:00:00Z') });
const readers = (count: number) => Array.from({ length: count }, () => ({}));

async function aLimitedIssue(count: number, rate: RateLimits, store?: Store) {
  const deps = await aContext({ posts: [post], rate, ...(store && { store }) });
  await addReaders(deps, readers(count));
  const at: number[] = [];
  return { deps: recording(deps, at), at };
}

/** The same, with the times of its turns recorded. */
function recording(deps: TestContext, at: number[]): TestContext {
  const rateLimit = deps.rateLimit();
  const take = async (now: Date) => {
    const waitMs = await rateLimit.take(now);
    if (waitMs === 0) at.push(now.getTime());
    return waitMs;
  };
  return openUseCases({ ...deps, rateLimit: () => ({ ...rateLimit, take }) });
}

/** The most that lie in any span of this length. */
function mostWithin(moments: readonly number[], ms: number): number {
  return Math.max(...moments.map((from) => moments.filter((at) => at >= from && at < from + ms).length));
}

const slowDown: Outcome = {
  kind: 'deferred',
  scope: 'limit',
  meaning: 'slow-down',
  reply: { code: 421, enhanced: '4.7.0', text: '421 4.7.0 too many messages, slow down' },
};

describe('the rate limit of a transport', () => {
  it('of ten a second holds for any number of connections', async () => {
    const { deps, at } = await aLimitedIssue(50, { perSecond: 10 });
    const start = deps.clock.now().getTime();
    expect(await send(deps)).toMatchObject({ counts: { accepted: 50 }, issue: { state: 'done' } });
    expect(mostWithin(at, 1_000)).toBe(10);
    expect(deps.clock.now().getTime() - start).toBe(4_900);
  });

  it('writes nothing for a message where no limit is set', async () => {
    const { deps } = await aLimitedIssue(50, {});
    const { shared } = deps.store;
    const read: string[] = [];
    const watched = {
      read: (key: string) => {
        read.push(key);
        return shared.read(key);
      },
      change: () => Promise.reject(new Error('nothing may be written')),
    };
    const rateLimit = openSharedRateLimit({ shared: watched, transport: 'a wire', limits: {} });
    expect(await send(openUseCases({ ...deps, rateLimit: () => rateLimit }))).toMatchObject({
      counts: { accepted: 50 },
    });
    // Before the first message, and for what is known of the server after the last.
    expect(read).toHaveLength(2);
  });

  it('is shared by all processes on one store', async () => {
    const store = await openSqliteStore({ path: ':memory:' });
    const rate = { perSecond: 10 };
    const { deps: one, at } = await aLimitedIssue(40, rate, store);
    const frozen = await one.sending.sendNext({
      newsletter: newsletterOf(one),
      confirm: async () => true,
      signal: AbortSignal.abort(),
    });
    expect(frozen).toMatchObject({ stopped: { kind: 'signal' }, counts: { planned: 40 } });
    const two = recording(await aContext({ store, rate, processes: { self: 'another', stateOf: () => 'alive' } }), at);
    const clock = sharedClock(one.clock);
    const runs = [one, two].map((deps) => openUseCases({ ...deps, clock }).sending.resume(newsletterOf(one), 1));
    await Promise.all(runs);
    expect(at).toHaveLength(40);
    expect(one.wire.messages.length).toBeGreaterThan(0);
    expect(two.wire.messages.length).toBeGreaterThan(0);
    expect(mostWithin(at, 1_000)).toBeLessThanOrEqual(10);
  });

  it('waits for the next day, and loses no reader whose lease ends meanwhile', async () => {
    const { deps, at } = await aLimitedIssue(10, { perDay: 4 });
    expect(await send(deps)).toMatchObject({ counts: { accepted: 10 }, issue: { state: 'done' } });
    expect(mostWithin(at, 86_400_000)).toBe(4);
    expect(new Set(deps.wire.messages.map(({ envelope }) => envelope.to)).size).toBe(10);
  });

  it('stops waiting when the issue is paused', async () => {
    const { deps } = await aLimitedIssue(10, { perHour: 2 });
    const sleep = deps.clock.sleep.bind(deps.clock);
    deps.clock.sleep = async (ms, signal) => {
      if ((await deps.store.ledger.issue('weekly', 1))?.state === 'sending')
        await deps.sending.pause(newsletterOf(deps), 1);
      return sleep(ms, signal);
    };
    expect(await send(deps)).toMatchObject({
      stopped: { kind: 'paused' },
      counts: { accepted: 2, planned: 8, claimed: 0 },
    });
  });

  it('is lowered when a server asks for less, and recovers with accepted mails', async () => {
    const { deps, at } = await aLimitedIssue(60, { perSecond: 10 });
    deps.wire.answer = (_, nth) => (nth === 20 ? slowDown : ACCEPTED);
    expect(await send(deps)).toMatchObject({ counts: { accepted: 60 } });
    const slowed = at.slice(25, 45);
    expect(mostWithin(slowed, 1_000)).toBeLessThanOrEqual(9);

    deps.clock.advance(3_600_000);
    deps.source.posts.push(aPost({ publishedAt: deps.clock.now() }));
    at.length = 0;
    await send(deps);
    const spanOf = (turns: readonly number[]) => (turns.at(-1) as number) - (turns[0] as number);
    expect(spanOf(at.slice(0, 20))).toBeGreaterThan(1_900);
    expect(spanOf(at.slice(-20))).toBe(1_900);
  });

  it('is set to a part of the current rate where there was none, for every process, and removed again', async () => {
    const { deps, at } = await aLimitedIssue(60, {});
    deps.wire.answer = (_, nth) => {
      deps.clock.advance(5);
      return nth === 20 ? slowDown : ACCEPTED;
    };
    const other = await aContext({ store: deps.store });
    await send(deps);
    expect((at[42] as number) - (at[22] as number)).toBeGreaterThan(700);
    other.clock.set(deps.clock.now());
    for (let turn = 0; turn < 5; turn += 1) await other.rateLimit().take(other.clock.now());
    expect(await other.rateLimit().take(other.clock.now())).toBeGreaterThan(0);
    for (let mail = 0; mail < 10_000; mail += 1) other.rateLimit().accepted(other.clock.now());
    await other.rateLimit().take(other.clock.now());
    expect(await other.rateLimit().take(other.clock.now())).toBe(0);
  });
});

/** One clock for two processes: a sleeper waits until the others have slept as long. */
function sharedClock(clock: HandClock): HandClock {
  const sleepers: { readonly until: number; wake(): void }[] = [];
  const wakeNext = () => {
    sleepers.sort((a, b) => a.until - b.until);
    const next = sleepers.shift();
    if (!next) return;
    if (next.until > clock.now().getTime()) clock.set(new Date(next.until));
    next.wake();
  };
  return {
    ...clock,
    sleep: (ms) =>
      new Promise((wake) => {
        sleepers.push({ until: clock.now().getTime() + ms, wake });
        setTimeout(wakeNext, 2);
      }),
  };
}
