/**
 * Notices a clock that is ahead (rule: clock). A service whose clock is a year ahead for one minute would make an issue for each
 * occurrence of that year, delete what is old by then, and have nothing to do for a year.
 */
import type { Clock, Log } from '../domain/ports/host.js';
import type { SharedState } from '../domain/ports/storage.js';

export interface ClockWatchDeps {
  readonly shared: SharedState;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** What the services on a store remember of the time; epoch milliseconds. */
interface KeptTime {
  readonly seenAt: number;
  /** Since when the clock has been far later than `seenAt`. */
  readonly aheadSince?: number;
}

/** A clock that is doubted: what it says, and what was believed before. */
export interface DoubtedClock {
  readonly believed: Date;
  readonly says: Date;
}

const KEY = 'clock';
const MINUTE_MS = 60_000;
/** A service that was stopped for longer waits a little before it goes on. */
const FARTHEST_MS = 8 * 24 * 60 * MINUTE_MS;
/** Long enough for a machine that has just started to ask for the time. */
const DOUBT_MS = 10 * MINUTE_MS;

export type ClockWatch = ReturnType<typeof openClockWatch>;

export function openClockWatch({ shared, clock, log }: ClockWatchDeps) {
  /** To be called at every tick: whether the clock is believed. Nothing is made, sent or deleted while it is not. */
  async function believesClock(): Promise<boolean> {
    const now = clock.now().getTime();
    const before = (await shared.read(KEY)) as KeptTime | undefined;
    const after = nextTime(before, now);
    if (after.seenAt !== before?.seenAt || after.aheadSince !== before.aheadSince)
      await shared.change(KEY, () => ({ after, result: undefined }));
    if (after.aheadSince !== undefined && before?.aheadSince !== after.aheadSince)
      log.warn('clock.ahead', { seen: textOf(after.seenAt), now: textOf(now) });
    if (before && now < before.seenAt - DOUBT_MS)
      log.warn('clock.back', { seen: textOf(before.seenAt), now: textOf(now) });
    return after.aheadSince === undefined;
  }

  /** The doubt about the clock, if there is one; writes nothing. */
  async function doubtedClock(): Promise<DoubtedClock | undefined> {
    const now = clock.now();
    const kept = (await shared.read(KEY)) as KeptTime | undefined;
    if (kept?.aheadSince === undefined || now.getTime() - kept.seenAt <= FARTHEST_MS) return undefined;
    return { believed: new Date(kept.seenAt), says: now };
  }

  return { believesClock, doubtedClock };
}

function nextTime(before: KeptTime | undefined, now: number): KeptTime {
  if (!before || now - before.seenAt <= FARTHEST_MS) return { seenAt: now };
  const { seenAt, aheadSince } = before;
  // A clock that has moved far again is doubted anew.
  if (aheadSince === undefined || now < aheadSince || now - aheadSince > FARTHEST_MS)
    return { seenAt, aheadSince: now };
  return now - aheadSince < DOUBT_MS ? { seenAt, aheadSince } : { seenAt: now };
}

function textOf(ms: number): string {
  return new Date(ms).toISOString();
}
