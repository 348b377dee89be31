/** A sink of feedback that keeps its reports in memory, for the ways in. */
import type { FeedbackReport } from '../../src/domain/feedback.js';
import type { FeedbackSink } from '../../src/domain/ports/feedback.js';

export interface MemorySink extends FeedbackSink {
  /** Every report once, in the order it came first. */
  readonly reports: readonly FeedbackReport[];
  /** How many reports each call handed in. */
  readonly calls: readonly number[];
  /** While it is set, calls are refused with it. */
  failWith?: Error | undefined;
}

/** @param isTied which reports name a delivery; by default all */
export function memorySink(isTied: (report: FeedbackReport) => boolean = () => true): MemorySink {
  const kept = new Map<string, FeedbackReport>();
  const calls: number[] = [];
  const sink: MemorySink = {
    get reports() {
      return [...kept.values()];
    },
    calls,
    async take(reports) {
      if (sink.failWith) throw sink.failWith;
      calls.push(reports.length);
      for (const report of reports) if (!kept.has(report.id)) kept.set(report.id, report);
      return { tied: reports.filter(isTied).length };
    },
  };
  return sink;
}
