/** The wall clock of the host, behind the `Clock` port. */
import type { Clock } from '../domain/ports/host.js';

/** The longest a timer can wait; more makes it fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Wall-clock time and waiting that ends early when the signal is aborted. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (ms, signal) => {
    for (let left = ms; left > 0 && !signal?.aborted; left -= LONGEST_TIMER_MS)
      await waitOnce(Math.min(left, LONGEST_TIMER_MS), signal);
  },
};

function waitOnce(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });
}
