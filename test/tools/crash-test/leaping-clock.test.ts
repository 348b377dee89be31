import { expect, it } from 'vitest';
import { leapingClock } from '../../../tools/crash-test/leaping-clock.js';
import { handClock } from '../../support/app-context.js';

const start = new Date('2026-06-15T07:00:00Z');

/** A host whose time stands still. */
const frozen = { now: () => start, sleep: async () => undefined };

it('leaps over a wait and runs on from there', async () => {
  let hostMs = start.getTime();
  const clock = leapingClock({ ...frozen, now: () => new Date(hostMs) });
  await clock.sleep(3_600_000);
  expect(clock.now()).toEqual(new Date('2026-06-15T08:00:00Z'));
  hostMs += 1_000;
  expect(clock.now()).toEqual(new Date('2026-06-15T08:00:01Z'));
});

it('leaps no further over a short wait than asked', async () => {
  const clock = leapingClock(frozen);
  await clock.sleep(500);
  expect(clock.now()).toEqual(new Date('2026-06-15T07:00:00.500Z'));
});

it('lets others have their turn, however often it is slept on', async () => {
  const host = handClock(start);
  await leapingClock(host).sleep(500);
  expect(host.slept).toEqual([1]);
});

it('stays where it is when the wait was given up before it began', async () => {
  const clock = leapingClock(frozen);
  await clock.sleep(60_000, AbortSignal.abort());
  expect(clock.now()).toEqual(start);
});

it('ends waits together that end one after another', async () => {
  const clock = leapingClock(frozen);
  await clock.sleep(60_000);
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(start.getTime() + 300_000);
});
