import { beforeEach, describe, expect, it } from 'vitest';
import { openTurns, type Turns } from '../../src/web/turns.js';

let nowMs: number;
let due: (() => void)[];
let done: number[];
let turns: Turns;

beforeEach(() => {
  nowMs = 0;
  due = [];
  done = [];
  turns = openTurns({ mostWaiting: 100, nowMs: () => nowMs, later: (turn) => void due.push(turn) });
});

/** An exact fraction in binary. */
const SHORT_MS = 1 / 16;

/** A request that takes so long. */
const ask = (nth: number, takesMs: number) =>
  turns.take(() => {
    done.push(nth);
    nowMs += takesMs;
  });

/** Other work that takes so long, and the turn after it; gives how many were answered in it. */
function afterWork(tookMs: number): number {
  const before = done.length;
  nowMs += tookMs;
  const turn = due.shift();
  turn?.();
  return done.length - before;
}

describe('turns', () => {
  it('take a third of the time of other work, however many wait', () => {
    for (let nth = 0; nth < 60; nth += 1) ask(nth, SHORT_MS);
    expect(afterWork(1.5)).toBe(8);
    expect(afterWork(0.75)).toBe(4);
    expect(afterWork(0)).toBe(2);
    expect(done).toEqual(Array.from({ length: 14 }, (_, nth) => nth));
  });

  it('take no longer than a millisecond, also after a long wait', () => {
    for (let nth = 0; nth < 60; nth += 1) ask(nth, SHORT_MS);
    expect(afterWork(60_000)).toBe(16);
  });

  it('answer at least one, however long it takes', () => {
    ask(0, 5);
    ask(1, 5);
    expect([afterWork(0), afterWork(0), due.length]).toEqual([1, 1, 0]);
  });

  it('refuse what would wait too long, and take requests again afterwards', () => {
    const taken = Array.from({ length: 101 }, (_, nth) => ask(nth, 0));
    expect(taken.filter((is) => !is)).toHaveLength(1);
    expect(afterWork(0)).toBe(100);
    expect(ask(101, 0)).toBe(true);
  });
});
