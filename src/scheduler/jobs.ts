/** Work that is asked for again and again: never twice at once, and less often while it fails. */

export interface Jobs {
  /** Starts a piece of work unless it is running already, or rests after a failure. */
  start(name: string, work: () => Promise<void>): void;
  /** A minute has passed: those that rest come closer to their next turn. */
  tick(): void;
  /** Resolves when nothing runs any more. */
  idle(): Promise<void>;
}

/** The longest rest after failures, in ticks. */
const LONGEST_REST = 32;

/** @param onError told of a failure the first time it happens in a row, not of its repetitions */
export function openJobs(onError: (name: string, error: unknown) => void): Jobs {
  const running = new Map<string, Promise<void>>();
  const resting = new Map<string, { failures: number; ticks: number; text: string }>();

  const failed = (name: string, error: unknown) => {
    const before = resting.get(name);
    const failures = (before?.failures ?? 0) + 1;
    const text = String(error);
    if (before?.text !== text) onError(name, error);
    resting.set(name, { failures, ticks: Math.min(2 ** (failures - 1), LONGEST_REST), text });
  };

  return {
    start(name, work) {
      if (running.has(name) || (resting.get(name)?.ticks ?? 0) > 0) return;
      const run = Promise.resolve()
        .then(work)
        .then(
          () => void resting.delete(name),
          (error: unknown) => failed(name, error),
        )
        .finally(() => running.delete(name));
      running.set(name, run);
    },
    tick() {
      for (const rest of resting.values()) rest.ticks -= 1;
    },
    async idle() {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
