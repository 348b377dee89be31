/** A clock that does not sit through the long waits: it leaps over them, and runs on from there. */
import type { Clock } from '../domain/ports.js';

/** Shorter waits are for somebody else on this host, who keeps to the real time: they are waited for. */
const LONGEST_SLEEP_MS = 5_000;
/** A leap is at least so long, so that waits which end one after another are over together. */
const LEAST_LEAP_MS = 600_000;

/** Runs with `clock`, and ahead of it by every sleep it has leapt over; a sleep may take longer than asked, never less. */
export function leapingClock(clock: Clock): Clock {
  let aheadMs = 0;
  return {
    now: () => new Date(clock.now().getTime() + aheadMs),
    sleep: async (ms, signal) => {
      if (ms <= LONGEST_SLEEP_MS) return clock.sleep(ms, signal);
      if (!signal?.aborted) aheadMs += Math.max(ms, LEAST_LEAP_MS);
    },
  };
}
