/**
 * Hands reports on in batches: while one is being committed, what comes meanwhile waits for the next. A provider that makes a call
 * for each event costs one transaction for many of them.
 */
import type { FeedbackReport } from '../domain/feedback.js';
import type { FeedbackSink } from '../domain/ports/feedback.js';

export interface BatchOptions {
  readonly sink: FeedbackSink;
  readonly now: () => Date;
  /** A batch begins no further call once it holds so many reports. */
  readonly mostInBatch?: number;
}

interface Waiting {
  readonly reports: readonly FeedbackReport[];
  resolve(): void;
  reject(reason: unknown): void;
}

const MOST_IN_BATCH = 1_000;

/** Resolves when the reports are committed; rejects when they could not be, and others of the same batch with them. */
export function openBatches({ sink, now, mostInBatch = MOST_IN_BATCH }: BatchOptions) {
  const waiting: Waiting[] = [];
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    for (let batch = nextBatch(); batch.length > 0; batch = nextBatch()) {
      try {
        const reports = batch.flatMap((each) => each.reports);
        await sink.take(reports, now());
        for (const each of batch) each.resolve();
      } catch (error) {
        for (const each of batch) each.reject(error);
      }
    }
    isRunning = false;
  }

  function nextBatch(): readonly Waiting[] {
    let size = 0;
    const fits = waiting.findIndex((each) => {
      size += each.reports.length;
      return size >= mostInBatch;
    });
    return waiting.splice(0, fits < 0 ? waiting.length : fits + 1);
  }

  return (reports: readonly FeedbackReport[]): Promise<void> => {
    if (reports.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      waiting.push({ reports, resolve, reject });
      if (!isRunning) void run();
    });
  };
}
