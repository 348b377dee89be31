/** A clock that does not sit through waits: it leaps over them, and runs on from there. */
import type { Clock } from '../../src/domain/ports/host.js';

/** From this length on, a wait is for something that was put off. */
const LONG_MS = 60_000;
/** A leap over a long wait is at least so long, so that waits which end one after another are over together. */
const LEAST_LEAP_MS = 600_000;

/** Runs with `clock`, and ahead of it by every sleep it has leapt over; a sleep may take longer than asked, never less. */
export function leapingClock(clock: Clock): Clock {
  let aheadMs = 0;
  return {
    now: () => new Date(clock.now().getTime() + aheadMs),
    sleep: async (ms, signal) => {
      if (signal?.aborted) return;
      aheadMs += ms < LONG_MS ? ms : Math.max(ms, LEAST_LEAP_MS);
      // Whoever waits in a loop must not keep the others from their turn.
      await clock.sleep(1, signal);
    },
  };
}
