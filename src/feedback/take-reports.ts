/** Ties what came back to deliveries, and has it kept with what it means (rule: feedback). */
import type { FeedbackReport, ReportFinding } from '../domain/feedback.js';
import type { SoftBouncePolicy } from '../domain/feedback-effects.js';
import type { FeedbackSink, TakenReports } from '../domain/ports/feedback.js';
import type { FeedbackEvent, FeedbackStore } from '../domain/ports/feedback-store.js';
import type { Log } from '../domain/ports/host.js';
import type { TieReport } from './tie-report.js';

export interface TakeReportsDeps {
  readonly store: Pick<FeedbackStore, 'record'>;
  readonly tie: TieReport;
  readonly policy: SoftBouncePolicy;
  /** Called after they are kept, with the deliveries of new hard bounces and complaints. */
  afterTaking(deliveries: readonly NonNullable<FeedbackEvent['delivery']>[]): Promise<void>;
  readonly log: Log;
}

export interface TakeResult extends TakenReports {
  readonly events: readonly FeedbackEvent[];
  readonly fresh: ReadonlySet<string>;
  readonly suppressed: number;
  readonly unsubscribed: number;
}

/** A sink that also says what it did. */
export interface ReportTaker extends FeedbackSink {
  take(reports: readonly FeedbackReport[], at: Date): Promise<TakeResult>;
}

export function openReportTaker({ store, tie, policy, afterTaking, log }: TakeReportsDeps): ReportTaker {
  return {
    async take(reports, at) {
      const events: FeedbackEvent[] = [];
      for (const report of reports) events.push(eventFrom(report, at, await tie(report, at)));
      const { fresh, suppressed, unsubscribed } = await store.record(events, policy);
      const news = events.filter(({ id }) => fresh.has(id));
      if (suppressed + unsubscribed > 0) log.info('feedback.taken', { reports: news.length, suppressed, unsubscribed });
      await afterTaking(news.flatMap(({ finding, delivery }) => (delivery && isGrave(finding) ? [delivery] : [])));
      const tied = events.filter((event) => event.tie === 'tied').length;
      return { tied, events, fresh, suppressed, unsubscribed };
    },
  };
}

function isGrave(finding: ReportFinding): boolean {
  return finding.kind === 'complaint' || (finding.kind === 'bounce' && finding.bounce === 'hard');
}

function eventFrom(report: FeedbackReport, takenAt: Date, tied: Awaited<ReturnType<TieReport>>): FeedbackEvent {
  const { id, at, finding } = report;
  return {
    id,
    takenAt,
    ...(at && { happenedAt: at }),
    tie: tied.tie,
    ...(tied.delivery && { delivery: tied.delivery }),
    finding,
  };
}
