import { expect, it, onTestFinished, vi } from 'vitest';
import { systemClock } from '../../src/platform/clock.js';
import { DAY_MS } from '../support/builders.js';

it('ends a wait at once when the signal is aborted', async () => {
  const stop = new AbortController();
  const wait = systemClock.sleep(60 * DAY_MS, stop.signal);
  stop.abort();
  await expect(wait).resolves.toBeUndefined();
});

it('does not wait at all for a signal that is already aborted, or for no time', async () => {
  await expect(systemClock.sleep(60 * DAY_MS, AbortSignal.abort())).resolves.toBeUndefined();
  await expect(systemClock.sleep(-1)).resolves.toBeUndefined();
});

it('comes back after a short wait', async () => {
  await expect(systemClock.sleep(1)).resolves.toBeUndefined();
});

it('waits longer than any timer can: a timer of more than 24.8 days would end at once', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  let isOver = false;
  const wait = systemClock.sleep(60 * DAY_MS).then(() => {
    isOver = true;
  });
  await vi.advanceTimersByTimeAsync(60 * DAY_MS - 1);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await wait;
});
