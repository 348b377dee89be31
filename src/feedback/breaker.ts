/** Pauses a running issue when too much of it comes back: a bought or an old list is stopped before it ruins the sender's name. */
import type { FeedbackStore, IssueFeedback } from '../domain/ports/feedback-store.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { Sending } from '../sending/index.js';
import type { TakeReportsDeps } from './take-reports.js';

export interface BreakerDeps {
  /** So many deliveries at least. */
  readonly fewest: number;
  readonly ledger: Pick<Ledger, 'openIssues' | 'counts'>;
  readonly feedback: Pick<FeedbackStore, 'ofIssue'>;
  whyBreak(counts: Pick<IssueFeedback, 'hard' | 'complaints'> & { readonly delivered: number }): string | undefined;
  readonly pauseFor: Sending['pauseFor'];
}

export function openBreaker({ fewest, ledger, feedback, whyBreak, pauseFor }: BreakerDeps) {
  /** Looks at the issues of these deliveries that are being sent. */
  const check: TakeReportsDeps['afterTaking'] = async (deliveries) => {
    const touched = new Set(deliveries.map(({ issue }) => issue));
    if (touched.size === 0) return;
    for (const issue of await ledger.openIssues()) {
      if (!touched.has(issue.id) || issue.state !== 'sending') continue;
      const came = await feedback.ofIssue(issue.id);
      // Counting the deliveries of a large issue takes long: first, whether it would be too much of the fewest that count.
      if (whyBreak({ ...came, delivered: fewest }) === undefined) continue;
      const { accepted, bounced } = await ledger.counts(issue.id);
      const reason = whyBreak({ ...came, delivered: accepted + bounced });
      if (reason !== undefined) await pauseFor(issue, reason, ADVICE);
    }
  };
  return { check };
}

const ADVICE =
  'Look where these readers come from, and remove those who never asked; `gazette subscribers tidy` lists who bounced.';
