import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FRESH_RATE_LIMIT,
  type RateLimitState,
  type RateLimits,
  slowDown,
  takeTurn,
} from '../../src/deliver/rate-limit.js';

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

describe('a server that asks for less', () => {
  const limits = { perSecond: 8 };
  const spacingAfter = (state: RateLimitState, at: number, given: RateLimits = limits) => {
    const [first, second] = run(given, 2, state, at).taken as [number, number];
    return second - first;
  };

  it('gets half the pace', () => {
    expect(spacingAfter(slowDown(limits, FRESH_RATE_LIMIT, START), START)).toBe(250);
  });

  it('gets a quarter when it asks again, however many lanes heard it the first time', () => {
    let state = FRESH_RATE_LIMIT;
    for (let lane = 0; lane < 10; lane++) state = slowDown(limits, state, START + lane * 100);
    expect(spacingAfter(state, START + 1_000)).toBeGreaterThan(240);
    state = slowDown(limits, state, START + MINUTE);
    expect(spacingAfter(state, START + MINUTE)).toBeGreaterThan(400);
  });

  it('gets the whole pace again after a while, by itself', () => {
    const slowed = slowDown(limits, FRESH_RATE_LIMIT, START);
    expect(spacingAfter(slowed, START + 2 * MINUTE)).toBeGreaterThan(130);
    expect(spacingAfter(slowed, START + 5 * MINUTE)).toBe(125);
  });

  it('gets half of what it got of late where nothing limits the pace', () => {
    let state = FRESH_RATE_LIMIT;
    for (let at = 0; at < 10_000; at += 100) state = takeTurn({}, state, START + at).state;
    const slowed = slowDown({}, state, START + 10_000);
    expect(spacingAfter(slowed, START + 10_000, {})).toBeGreaterThan(180);
    expect(spacingAfter(slowed, START + HOUR, {})).toBe(0);
  });

  it('still gets something when it asks for ever less', () => {
    let state = FRESH_RATE_LIMIT;
    for (let step = 0; step < 50; step++) state = slowDown(limits, state, START + step * 20_000);
    expect(run(limits, 2, state, START + 1_000_000).now - START - 1_000_000).toBeLessThanOrEqual(MINUTE);
  });
});
