import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FRESH_RATE_LIMIT,
  type RateLimitState,
  type RateLimits,
  slowDown,
  speedUp,
  takeTurn,
} from '../../src/deliver/rate-limit.js';
import { aSlidingWindow, aTokenBucket, aWindow, type TakesMail } from '../support/limiting-server.js';

const START = Date.UTC(2026, 5, 1, 8);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Takes turns as fast as allowed; gives the moments at which they were taken, and the state after them. */
function run(limits: RateLimits, turns: number, from: RateLimitState = FRESH_RATE_LIMIT, start = START) {
  let [state, now] = [from, start];
  const taken: number[] = [];
  while (taken.length < turns) {
    const turn = takeTurn(limits, state, now);
    state = turn.state;
    if (turn.waitMs === 0) taken.push(now);
    now += turn.waitMs;
  }
  return { taken, state, now };
}

function mostWithin(taken: readonly number[], windowMs: number): number {
  let [most, first] = [0, 0];
  for (const [last, at] of taken.entries()) {
    while ((taken[first] as number) <= at - windowMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

describe('the pace of a transport', () => {
  it('is free where nothing limits it', () => {
    expect(run({}, 1_000).now).toBe(START);
  });

  it('spaces messages evenly, without bursts', () => {
    const { taken } = run({ perSecond: 4 }, 9);
    expect(taken.map((at) => at - START)).toEqual([0, 250, 500, 750, 1000, 1250, 1500, 1750, 2000]);
  });

  it('saves nothing up while nothing is sent', () => {
    const { state } = run({ perSecond: 4 }, 1);
    expect(run({ perSecond: 4 }, 3, state, START + HOUR).taken.map((at) => at - START - HOUR)).toEqual([0, 250, 500]);
  });

  it('waits for the hour and the day when they are used up', () => {
    const { taken } = run({ perHour: 100, perDay: 150 }, 200);
    expect((taken[100] as number) - START).toBeGreaterThanOrEqual(HOUR);
    expect((taken[150] as number) - START).toBeGreaterThanOrEqual(DAY);
    expect((taken[150] as number) - START).toBeLessThanOrEqual(DAY + DAY / 60);
  });

  it('never lets more through any hour or day than allowed', () => {
    const limits = fc.record({
      perSecond: fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
      perHour: fc.integer({ min: 1, max: 60 }),
      perDay: fc.integer({ min: 1, max: 90 }),
    });
    const pauses = fc.array(fc.integer({ min: 0, max: HOUR }), { maxLength: 40 });
    fc.assert(
      fc.property(limits, pauses, fc.integer({ min: 0, max: DAY }), ({ perSecond, ...windows }, idle, offset) => {
        const given: RateLimits = { ...windows, ...(perSecond === undefined ? {} : { perSecond }) };
        let [state, now] = [FRESH_RATE_LIMIT, START + offset];
        const taken: number[] = [];
        for (let step = 0; step < 300; step++) {
          const turn = takeTurn(given, state, now);
          state = turn.state;
          if (turn.waitMs === 0) taken.push(now);
          now += turn.waitMs + (turn.waitMs === 0 ? (idle[taken.length] ?? 0) : 0);
        }
        expect(mostWithin(taken, HOUR)).toBeLessThanOrEqual(given.perHour ?? 0);
        expect(mostWithin(taken, DAY)).toBeLessThanOrEqual(given.perDay ?? 0);
        if (perSecond !== undefined) expect(mostWithin(taken, 1_000)).toBeLessThanOrEqual(perSecond);
      }),
      { numRuns: 100 },
    );
  });

  it('always grants a turn after the wait it named', () => {
    const limits = { perSecond: 3, perHour: 40, perDay: 90 };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (turns) => {
        const { state, now } = run(limits, turns);
        const first = takeTurn(limits, state, now);
        expect(takeTurn(limits, first.state, now + first.waitMs).waitMs).toBe(0);
      }),
    );
  });

  it('is plain data that survives a store', () => {
    const { state } = run({ perHour: 100 }, 30);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  it('is not stopped by a clock that is set back', () => {
    const { state } = run({ perSecond: 1, perHour: 10 }, 10);
    expect(run({ perSecond: 1, perHour: 10 }, 5, state, START - 3 * DAY).taken[0]).toBeLessThanOrEqual(
      START - 3 * DAY + 1_000,
    );
  });
});

/** Sends so many mails over connections to a server, in simulated time, as a run does. */
function sendTo(takes: TakesMail, { mails = 1_000, connections = 5, latencyMs = 20 } = {}) {
  let [state, observedFrom, accepted, refused] = [FRESH_RATE_LIMIT, START, 0, 0];
  const waiting = Array.from({ length: connections }, () => ({ at: START, begunAt: undefined as number | undefined }));
  while (accepted < mails) {
    const next = waiting.reduce((first, each) => (each.at < first.at ? each : first));
    const { at, begunAt } = next;
    if (begunAt === undefined) {
      const turn = takeTurn({}, state, at);
      state = turn.state;
      // Timers fire late.
      if (turn.waitMs > 0) next.at = at + turn.waitMs + 1;
      else Object.assign(next, { at: at + latencyMs, begunAt: at });
      continue;
    }
    next.begunAt = undefined;
    if (takes(at)) {
      accepted += 1;
      state = speedUp({}, state, 1);
      continue;
    }
    refused += 1;
    const observed = accepted / Math.max(1, (at - observedFrom) / 1_000);
    state = slowDown({}, state, at, { observed, begunAt });
    next.at = at + 500;
    observedFrom = Math.max(observedFrom, at - 10_000);
  }
  const now = Math.min(...waiting.map(({ at }) => at));
  return { perSecond: (accepted * 1_000) / (now - START), refused, state, now };
}

describe('a server that limits the rate', () => {
  it.each([
    ['20 in each second by the clock', aWindow(20, 1_000), 20, 1_000],
    ['20 in any second', aSlidingWindow(20, 1_000), 20, 1_000],
    ['20 a second, counted one by one', aTokenBucket(20, 5), 20, 1_000],
    ['2 a second', aSlidingWindow(2, 1_000), 2, 1_000],
    ['300 a second', aSlidingWindow(300, 1_000), 300, 20_000],
    ['200 in ten seconds', aSlidingWindow(200, 10_000), 20, 1_000],
  ])('to %s gets at least 0.8 of it, and refuses few mails', (_, takes, allowed, mails) => {
    const { perSecond, refused } = sendTo(takes, { mails });
    expect(perSecond).toBeGreaterThanOrEqual(0.8 * allowed);
    expect(refused).toBeLessThan(mails / 5);
  });

  it('to 60 in each minute is never sent to at a crawl', () => {
    expect(sendTo(aWindow(60, MINUTE)).perSecond).toBeGreaterThan(0.5);
  });

  it('and later does not any more gets all again', () => {
    const { now } = sendTo((at) => at > START + 2 * MINUTE || (at - START) % 1_000 < 20, { mails: 30_000 });
    expect(now - START).toBeLessThan(7 * MINUTE);
  });
});

describe('a server that asks for less', () => {
  const limits = { perSecond: 8 };
  const slowed = (state = FRESH_RATE_LIMIT, at = START) => slowDown(limits, state, at);
  const rateOf = (state: RateLimitState) => state.slowed?.perSecond;

  it('gets four fifths of the rate, and half of that if it accepts nothing meanwhile', () => {
    const once = slowed();
    expect(rateOf(once)).toBeCloseTo(6.4);
    expect(rateOf(slowed(once, START + MINUTE))).toBeCloseTo(3.2);
  });

  it('is heard once, however many connections hear it', () => {
    let state = slowed();
    for (let connection = 1; connection < 10; connection++) state = slowed(state, START + connection * 100);
    expect(rateOf(state)).toBeCloseTo(6.4);
    expect(rateOf(slowDown(limits, state, START + MINUTE, { begunAt: START - 1 }))).toBeCloseTo(6.4);
  });

  it('gets more with every mail it accepts, up to the limit that was set', () => {
    const proven = speedUp(limits, slowed(), 1);
    const lowered = slowed(proven, START + MINUTE);
    expect(rateOf(speedUp(limits, lowered, 10)) as number).toBeCloseTo((rateOf(lowered) as number) + 0.3);
    expect(rateOf(speedUp(limits, lowered, 1_000))).toBeUndefined();
  });

  it('gets no more only because time passes', () => {
    expect(rateOf(takeTurn(limits, slowed(), START + DAY).state)).toBeCloseTo(6.4);
  });

  it('gets a part of what it accepted where nothing limits the rate, and all again once it accepts much more', () => {
    const state = slowDown({}, FRESH_RATE_LIMIT, START, { observed: 10 });
    expect(rateOf(state)).toBe(8);
    expect(rateOf(speedUp({}, state, 50_000))).toBeUndefined();
  });

  it('still gets something when it asks for ever less', () => {
    let state = FRESH_RATE_LIMIT;
    for (let step = 0; step < 50; step++) state = slowed(state, START + step * MINUTE);
    expect(run(limits, 2, state, START + DAY).now - START - DAY).toBeLessThanOrEqual(10_000);
  });

  it('is read from what an earlier version stored', () => {
    const old = { ...FRESH_RATE_LIMIT, slowed: { perSecond: 4, since: START } } as RateLimitState;
    expect(rateOf(speedUp({}, takeTurn({}, old, START + 1_000).state, 1))).toBeCloseTo(4.03);
  });
});
