/** Pauses a running issue when too much of it comes back: a bought or an old list is stopped before it ruins the sender's name. */
import type { FeedbackStore, IssueFeedback } from '../domain/ports/feedback-store.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { Sending } from '../sending/index.js';
import type { TakeReportsDeps } from './take-reports.js';

export interface BreakerDeps {
  readonly ledger: Pick<Ledger, 'openIssues' | 'counts'>;
  readonly feedback: Pick<FeedbackStore, 'ofIssue'>;
  whyBreak(counts: Pick<IssueFeedback, 'hard' | 'complaints'> & { readonly delivered: number }): string | undefined;
  readonly pauseFor: Sending['pauseFor'];
}

export function openBreaker({ ledger, feedback, whyBreak, pauseFor }: BreakerDeps) {
  /** Looks at the issues that something new came back of, and that are being sent. */
  const check: TakeReportsDeps['afterTaking'] = async (deliveries) => {
    const touched = new Set(deliveries.map(({ issue }) => issue));
    if (touched.size === 0) return;
    for (const issue of await ledger.openIssues()) {
      if (!touched.has(issue.id) || issue.state !== 'sending') continue;
      const { accepted, bounced } = await ledger.counts(issue.id);
      const reason = whyBreak({ ...(await feedback.ofIssue(issue.id)), delivered: accepted + bounced });
      if (reason !== undefined) await pauseFor(issue, reason, ADVICE);
    }
  };
  return { check };
}

const ADVICE =
  'Look where these readers come from, and remove those who never asked; `gazette subscribers tidy` lists who bounced.';
