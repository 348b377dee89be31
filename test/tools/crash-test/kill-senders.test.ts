import { describe, expect, it } from 'vitest';
import type { DeliveryCounts, DeliveryState } from '../../../src/domain/delivery.js';
import type { Issue } from '../../../src/domain/issue.js';
import type { DeliveryRow } from '../../../src/domain/ports/deliveries.js';
import type { Clock } from '../../../src/domain/ports/host.js';
import { killSenders, type Sender, type SenderEnd, type StormTools } from '../../../tools/crash-test/kill-senders.js';
import { seededRandom } from '../../../tools/support/seeded-random.js';

const issue = { id: 1, number: 1, newsletter: 'weekly' } as Issue;
/** Its sleeps are over once everything else that can happen has happened. */
const clock: Clock = { now: () => new Date(0), sleep: () => new Promise((over) => setImmediate(over)) };

const never = new Promise<never>(() => undefined);

/** A sender that lives until it is killed. */
function aLiving(onKill: () => void = () => undefined): Sender {
  let end: (ended: SenderEnd) => void = () => undefined;
  const ended = new Promise<SenderEnd>((resolve) => {
    end = resolve;
  });
  const kill = () => {
    onKill();
    end({ signal: 'SIGKILL', lastWords: '' });
    return ended;
  };
  return { untilSending: async () => undefined, ended, kill };
}

/** A sender that was gone before anybody came to kill it. */
function anEnded(end: SenderEnd): Sender {
  return { untilSending: async () => undefined, ended: Promise.resolve(end), kill: async () => end };
}

function aRow(address: string, state: DeliveryState): DeliveryRow {
  return { subscriber: 1, address, state, attempts: 1, unknownOutcomes: 0 };
}

interface CategoryPreferences {
  readonly senders: () => Sender;
  readonly rows?: () => readonly DeliveryRow[];
  readonly untilTaken?: () => Promise<void>;
}

function someTools({ senders, rows = () => [], untilTaken = async () => undefined }: CategoryPreferences): StormTools {
  const counts = { planned: 1_000, claimed: 0, deferred: 0 } as DeliveryCounts;
  return {
    ledger: {
      counts: async () => counts,
      deliveries: async function* () {
        yield* rows();
      },
    },
    server: { taken: [], untilTaken },
    startSender: senders,
    clock,
    random: seededRandom(1),
  };
}

it('kills as often as it was asked to, and says so each time', async () => {
  const told: number[] = [];
  const tools = someTools({ senders: () => aLiving() });
  const storm = await killSenders(tools, issue, { kills: 5, onKill: (kills) => told.push(kills) });
  expect(storm).toMatchObject({ kills: 5, senders: 5, failures: [] });
  expect(told).toEqual([1, 2, 3, 4, 5]);
});

it('takes what was on the wire for in doubt, and nothing else, once nobody is left to settle it', async () => {
  let alive = 0;
  const senders = () => {
    alive += 1;
    let isAlive = true;
    return aLiving(() => {
      if (isAlive) alive -= 1;
      isAlive = false;
    });
  };
  const rows = () => {
    expect(alive).toBe(0);
    return [
      aRow('wire@example.org', 'attempted'),
      aRow('wait@example.org', 'claimed'),
      aRow('ok@example.org', 'accepted'),
    ];
  };
  const { mayRepeat } = await killSenders(someTools({ senders, rows }), issue, { kills: 12 });
  expect([...mayRepeat]).toEqual(['wire@example.org']);
});

it('counts how many rows one sender left unsettled, and not again those that its successor did not touch', async () => {
  const left = ['a@example.org', 'b@example.org', 'c@example.org'].map((address) => aRow(address, 'attempted'));
  let rounds = 0;
  const rows = () => {
    rounds += 1;
    return rounds === 1 ? left : [...left, aRow('d@example.org', 'attempted')];
  };
  const { mostUnsettled } = await killSenders(someTools({ senders: () => aLiving(), rows }), issue, { kills: 2 });
  expect(rounds).toBe(2);
  expect(mostUnsettled).toBe(3);
});

it('lets two send at once now and then', async () => {
  let alive = 0;
  let most = 0;
  const senders = () => {
    alive += 1;
    most = Math.max(most, alive);
    let isAlive = true;
    return aLiving(() => {
      if (isAlive) alive -= 1;
      isAlive = false;
    });
  };
  await killSenders(someTools({ senders }), issue, { kills: 30 });
  expect(most).toBe(2);
});

describe('a sender that ended by itself', () => {
  it.each([0, 4])('is no kill and no failure with status %i', async (code) => {
    const tools = someTools({ senders: () => anEnded({ code, lastWords: '' }) });
    expect(await killSenders(tools, issue, { kills: 2 })).toMatchObject({ kills: 0, failures: [] });
  });

  it.each([{ code: 1 }, { signal: 'SIGSEGV' }])('is a failure with %o, and tells its last words', async (how) => {
    const tools = someTools({ senders: () => anEnded({ ...how, lastWords: 'no such thing' }) });
    const { kills, failures } = await killSenders(tools, issue, { kills: 2 });
    expect(kills).toBe(0);
    expect(failures[0]).toMatch(/(1|SIGSEGV): no such thing$/);
  });
});

it('calls a sender at which nothing happens a failure, and kills it all the same', async () => {
  const tools = someTools({ senders: () => aLiving(), untilTaken: () => never });
  const { kills, failures } = await killSenders(tools, issue, { kills: 3 });
  expect(kills).toBe(3);
  expect(failures).toContain('A sender stood still for 60 seconds.');
});

it('kills what it has started and gives up when it is asked to stop', async () => {
  const stop = new AbortController();
  let killed = 0;
  const senders = () => {
    stop.abort();
    return aLiving(() => {
      killed += 1;
    });
  };
  const storm = killSenders(someTools({ senders }), issue, { kills: 5, signal: stop.signal });
  await expect(storm).rejects.toMatchObject({ code: 'send.stopped' });
  expect(killed).toBeGreaterThan(0);
});
