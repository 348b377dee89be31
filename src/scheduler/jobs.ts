/** Repeated jobs: the same job never runs twice at once, and is started less often while it fails. */

export interface Jobs {
  /** Starts a job unless it is running already, or waits after a failure. */
  start(name: string, work: () => Promise<void>): void;
  /** To be called once a minute: counts down the waits of failed jobs. */
  tick(): void;
  /** Resolves when no job is running. */
  idle(): Promise<void>;
}

/** The longest wait after failures, in ticks. */
const LONGEST_WAIT = 32;

/** @param onError called at the first of several equal failures in a row */
export function openJobs(onError: (name: string, error: unknown) => void): Jobs {
  const running = new Map<string, Promise<void>>();
  const waiting = new Map<string, { failures: number; ticks: number; text: string }>();

  const failed = (name: string, error: unknown) => {
    const before = waiting.get(name);
    const failures = (before?.failures ?? 0) + 1;
    const text = String(error);
    if (before?.text !== text) onError(name, error);
    waiting.set(name, { failures, ticks: Math.min(2 ** (failures - 1), LONGEST_WAIT), text });
  };

  return {
    start(name, work) {
      if (running.has(name) || (waiting.get(name)?.ticks ?? 0) > 0) return;
      const run = Promise.resolve()
        .then(work)
        .then(
          () => void waiting.delete(name),
          (error: unknown) => failed(name, error),
        )
        .finally(() => running.delete(name));
      running.set(name, run);
    },
    tick() {
      for (const wait of waiting.values()) wait.ticks -= 1;
    },
    async idle() {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
