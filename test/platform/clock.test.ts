import { expect, it } from 'vitest';
import { systemClock } from '../../src/platform/clock.js';

it('ends a wait at once when the signal is aborted', async () => {
  const stop = new AbortController();
  const wait = systemClock.sleep(60 * 86_400_000, stop.signal);
  stop.abort();
  await expect(wait).resolves.toBeUndefined();
});

it('does not wait at all for a signal that is already aborted, or for no time', async () => {
  await expect(systemClock.sleep(60 * 86_400_000, AbortSignal.abort())).resolves.toBeUndefined();
  await expect(systemClock.sleep(-1)).resolves.toBeUndefined();
});

it('comes back after a short wait', async () => {
  await expect(systemClock.sleep(1)).resolves.toBeUndefined();
});
