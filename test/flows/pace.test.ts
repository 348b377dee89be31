import { describe, expect, it } from 'vitest';
import type { PaceLimits } from '../../src/deliver/pace.js';
import { openSharedPace } from '../../src/deliver/shared-pace.js';
import type { Store } from '../../src/domain/ports.js';
import type { Outcome } from '../../src/domain/reply.js';
import { pauseIssue, resumeIssue } from '../../src/flows/issues.js';
import { sendIssue } from '../../src/flows/send-issue.js';
import { openSqliteStore } from '../../src/store/index.js';
import { aPost } from '../support/builders.js';
import { ACCEPTED, addReaders, aHouse, type HandClock, type TestHouse } from '../support/house.js';

const newsletterOf = (house: TestHouse) => [...house.newsletters.values()][0] as never;
const send = (house: TestHouse) => sendIssue(house, { newsletter: newsletterOf(house), confirm: async () => true });
const post = aPost({ publishedAt: new Date('2026-06-10T09:00:00Z') });
const readers = (count: number) => Array.from({ length: count }, () => ({}));

async function aPacedHouse(count: number, rate: PaceLimits, store?: Store) {
  const house = await aHouse({ posts: [post], rate, ...(store && { store }) });
  await addReaders(house, readers(count));
  const at: number[] = [];
  return { house: noting(house, at), at };
}

/** The same house, which notes when it takes its turns. */
function noting(house: TestHouse, at: number[]): TestHouse {
  const pace = house.pace();
  const take = async (now: Date) => {
    const waitMs = await pace.take(now);
    if (waitMs === 0) at.push(now.getTime());
    return waitMs;
  };
  return { ...house, pace: () => ({ ...pace, take }) };
}

/** The most that lie in any span of this length. */
function mostWithin(moments: readonly number[], ms: number): number {
  return Math.max(...moments.map((from) => moments.filter((at) => at >= from && at < from + ms).length));
}

const slowDown: Outcome = {
  kind: 'deferred',
  scope: 'connection',
  reply: { code: 421, enhanced: '4.7.0', text: '421 4.7.0 too many messages, slow down' },
};

describe('the pace of a transport', () => {
  it('of ten a second is kept, whatever the number of connections', async () => {
    const { house, at } = await aPacedHouse(50, { perSecond: 10 });
    const start = house.clock.now().getTime();
    expect(await send(house)).toMatchObject({ counts: { accepted: 50 }, issue: { state: 'done' } });
    expect(mostWithin(at, 1_000)).toBe(10);
    expect(house.clock.now().getTime() - start).toBe(4_900);
  });

  it('costs no write for a message where nothing limits it', async () => {
    const { house } = await aPacedHouse(50, {});
    const { shared } = house.store;
    const read: string[] = [];
    const watched = {
      read: (key: string) => {
        read.push(key);
        return shared.read(key);
      },
      change: () => Promise.reject(new Error('nothing is to be written')),
    };
    const pace = openSharedPace({ shared: watched, transport: 'a wire', limits: {} });
    expect(await send({ ...house, pace: () => pace })).toMatchObject({ counts: { accepted: 50 } });
    expect(read).toHaveLength(1);
  });

  it('is shared by all houses on one store', async () => {
    const store = await openSqliteStore({ path: ':memory:' });
    const rate = { perSecond: 10 };
    const { house: one, at } = await aPacedHouse(40, rate, store);
    const frozen = await sendIssue(one, {
      newsletter: newsletterOf(one),
      confirm: async () => true,
      signal: AbortSignal.abort(),
    });
    expect(frozen).toMatchObject({ stopped: { kind: 'signal' }, counts: { planned: 40 } });
    const two = noting(await aHouse({ store, rate, processes: { self: 'another', fateOf: () => 'alive' } }), at);
    const clock = oneTime(one.clock);
    const runs = [one, two].map((house) => resumeIssue({ ...house, clock }, newsletterOf(one), 1, {}));
    await Promise.all(runs);
    expect(at).toHaveLength(40);
    expect(one.wire.messages.length).toBeGreaterThan(0);
    expect(two.wire.messages.length).toBeGreaterThan(0);
    expect(mostWithin(at, 1_000)).toBeLessThanOrEqual(10);
  });

  it('waits out a day’s limit, with nobody lost, when leases end meanwhile', async () => {
    const { house, at } = await aPacedHouse(10, { perDay: 4 });
    expect(await send(house)).toMatchObject({ counts: { accepted: 10 }, issue: { state: 'done' } });
    expect(mostWithin(at, 86_400_000)).toBe(4);
    expect(new Set(house.wire.messages.map(({ envelope }) => envelope.to)).size).toBe(10);
  });

  it('lets go at once when the issue is paused while a turn is awaited', async () => {
    const { house } = await aPacedHouse(10, { perHour: 2 });
    const sleep = house.clock.sleep.bind(house.clock);
    house.clock.sleep = async (ms, signal) => {
      if ((await house.store.ledger.issue('weekly', 1))?.state === 'sending')
        await pauseIssue(house, newsletterOf(house), 1);
      return sleep(ms, signal);
    };
    expect(await send(house)).toMatchObject({
      stopped: { kind: 'paused' },
      counts: { accepted: 2, planned: 8, claimed: 0 },
    });
  });

  it('is slowed by a server that asks for less, for every process, and recovers by itself', async () => {
    const { house, at } = await aPacedHouse(60, { perSecond: 10 });
    house.wire.answer = (_, nth) => (nth === 20 ? slowDown : ACCEPTED);
    expect(await send(house)).toMatchObject({ counts: { accepted: 60 } });
    const slowed = at.slice(25, 45);
    expect(mostWithin(slowed, 1_000)).toBeLessThanOrEqual(6);

    house.clock.advance(3_600_000);
    house.source.posts.push(aPost({ publishedAt: house.clock.now() }));
    at.length = 0;
    await send(house);
    expect(mostWithin(at, 1_000)).toBe(10);
  });

  it('is slowed where nothing limits it to half of what it was, and set free again', async () => {
    const { house, at } = await aPacedHouse(60, {});
    house.wire.answer = (_, nth) => {
      house.clock.advance(5);
      return nth === 20 ? slowDown : ACCEPTED;
    };
    const other = await aHouse({ store: house.store });
    await send(house);
    expect(mostWithin(at.slice(30), 1_000)).toBeLessThanOrEqual(21);
    other.clock.set(house.clock.now());
    for (let turn = 0; turn < 5; turn += 1) await other.pace().take(other.clock.now());
    expect(await other.pace().take(other.clock.now())).toBeGreaterThan(0);
    other.clock.advance(3_600_000);
    await other.pace().take(other.clock.now());
    expect(await other.pace().take(other.clock.now())).toBe(0);
  });
});

/** One time for two houses: a sleeper waits until the others have slept as long. */
function oneTime(clock: HandClock): HandClock {
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
