/** Runs of sending that an editor started: they go on behind the pages, and end with the studio by settling what is on the wire. */

import type { DeliveryCounts } from '../domain/delivery.js';
import { GazetteError } from '../domain/errors.js';

export interface Runs {
  /** Starts work for a newsletter; refuses a second one beside it. Throws `issue.state`. */
  start(newsletter: string, work: (signal: AbortSignal) => Promise<string | undefined>): void;
  isRunning(newsletter: string): boolean;
  /** What the last run said when it ended; `undefined` while it runs, or when it had nothing to say. */
  lastWord(newsletter: string): string | undefined;
  /** Asks all to end, and waits for them. */
  settle(): Promise<void>;
}

/** @param onEnd told whenever a run has ended */
export function openRuns(onEnd: () => void): Runs {
  const stop = new AbortController();
  const running = new Map<string, Promise<void>>();
  const words = new Map<string, string>();
  return {
    start(newsletter, work) {
      if (running.has(newsletter)) {
        throw new GazetteError('issue.state', `“${newsletter}” is being sent already.`, {
          hint: 'Wait until it is done, or pause it.',
        });
      }
      words.delete(newsletter);
      const run = work(stop.signal)
        .catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
        .then((word) => {
          if (word !== undefined) words.set(newsletter, word);
        })
        .finally(() => {
          running.delete(newsletter);
          onEnd();
        });
      running.set(newsletter, run);
    },
    isRunning: (newsletter) => running.has(newsletter),
    lastWord: (newsletter) => words.get(newsletter),
    settle: async () => {
      stop.abort();
      await Promise.all(running.values());
    },
  };
}

/** How fast an issue goes, from two looks at its ledger. */
export interface Speed {
  /** Deliveries settled a second; 0 while nobody can tell. */
  readonly perSecond: number;
  /** Seconds until nothing is left, at that rate; absent while nobody can tell. */
  readonly secondsLeft?: number;
}

interface Look {
  readonly at: number;
  readonly settled: number;
}

/** Looks at issues again and again, and tells how fast each goes. */
export function openSpeeds() {
  const first = new Map<number, Look[]>();
  return (issue: number, counts: DeliveryCounts, now: Date): Speed => {
    const look: Look = {
      at: now.getTime(),
      settled: counts.accepted + counts.rejected + counts.unknown + counts.skipped,
    };
    const looks = [...(first.get(issue) ?? []), look].filter(({ at }) => at > look.at - SPAN_MS).slice(-MOST_LOOKS);
    first.set(issue, looks);
    const [oldest] = looks;
    const seconds = oldest ? (look.at - oldest.at) / 1000 : 0;
    const perSecond = oldest && seconds > 0 ? Math.max(0, (look.settled - oldest.settled) / seconds) : 0;
    const left = counts.planned + counts.claimed + counts.attempted - counts.deferred;
    return { perSecond, ...(perSecond > 0 && left > 0 && { secondsLeft: Math.ceil(left / perSecond) }) };
  };
}

const SPAN_MS = 15_000;
const MOST_LOOKS = 60;
