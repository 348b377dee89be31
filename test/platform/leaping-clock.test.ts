import { expect, it } from 'vitest';
import { leapingClock } from '../../src/platform/leaping-clock.js';
import { handClock } from '../support/house.js';

const start = new Date('2026-06-15T07:00:00Z');

it('leaps over a long wait and runs on from there', async () => {
  const host = handClock(start);
  const clock = leapingClock(host);
  await clock.sleep(3_600_000);
  expect(clock.now()).toEqual(new Date('2026-06-15T08:00:00Z'));
  expect(host.slept).toEqual([]);
  host.advance(1_000);
  expect(clock.now()).toEqual(new Date('2026-06-15T08:00:01Z'));
});

it('waits a short wait out', async () => {
  const host = handClock(start);
  const clock = leapingClock(host);
  await clock.sleep(500);
  expect(host.slept).toEqual([500]);
  expect(clock.now()).toEqual(new Date('2026-06-15T07:00:00.500Z'));
});

it('stays where it is when the wait was given up before it began', async () => {
  const clock = leapingClock(handClock(start));
  await clock.sleep(60_000, AbortSignal.abort());
  expect(clock.now()).toEqual(start);
});

it('ends waits together that end one after another', async () => {
  const clock = leapingClock(handClock(start));
  await clock.sleep(60_000);
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(start.getTime() + 300_000);
});
