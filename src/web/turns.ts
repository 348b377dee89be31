/**
 * Reading in turns: requests that anyone may send in any number are answered between other work, in a part of the time that this work
 * takes, so that a running issue keeps its share of the process (rule: strangers-cost-little).
 */

export interface Turns {
  /** Does it in one of the next turns, in order; false when too many wait. */
  take(work: () => void): boolean;
}

export interface TurnsOptions {
  readonly mostWaiting?: number;
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs?: () => number;
  /** Calls back after everything that is ready by now. */
  readonly later?: (turn: () => void) => void;
}

/** What a turn takes beside other work, as a part of its time; an idle process answers as fast as it can. */
const SHARE = 1 / 3;
const LEAST_MS = 0.1;
const MOST_MS = 1;
/** Answered within a second, also while an issue is being sent. */
const MOST_WAITING = 2_000;

export function openTurns(options: TurnsOptions = {}): Turns {
  const { mostWaiting = MOST_WAITING, nowMs = () => performance.now(), later = setImmediate } = options;
  const waiting: (() => void)[] = [];
  let isTurnNext = false;
  let endedAtMs = nowMs();

  function turn(): void {
    isTurnNext = false;
    const startedAtMs = nowMs();
    const endAtMs = startedAtMs + Math.min(MOST_MS, Math.max(LEAST_MS, (startedAtMs - endedAtMs) * SHARE));
    do waiting.shift()?.();
    while (waiting.length > 0 && nowMs() < endAtMs);
    endedAtMs = nowMs();
    if (waiting.length > 0) next();
  }

  function next(): void {
    if (isTurnNext) return;
    isTurnNext = true;
    later(turn);
  }

  return {
    take(work) {
      if (waiting.length >= mostWaiting) return false;
      waiting.push(work);
      next();
      return true;
    },
  };
}
