/** The state of an issue's approval (rule: approval). */
import { answersGiven } from '../../approval/answer.js';
import type { LiveIssue } from '../live-issue.js';

export interface ApprovalView {
  readonly kind: 'none' | 'required' | 'veto';
  readonly state: 'open' | 'announced' | 'approved' | 'vetoed' | 'void';
  readonly by: string | null;
  readonly at: Date | null;
  /** What was edited since, where that voided the answer. */
  readonly changed: readonly string[];
  readonly earlier: readonly { readonly verdict: string; readonly by: string; readonly at: Date }[];
  /** Names the content an answer is about. */
  readonly shown: string;
  /** How many answers were given so far: an answer is refused if there are more by then. */
  readonly answers: number;
  /** In ISO 8601. */
  readonly occurrence: string;
  readonly canWithdraw: boolean;
  readonly canAnswer: boolean;
}

const MAX_EARLIER = 5;

/** `null` for a newsletter without approval, and while there is no issue to approve. */
export function approvalView({ newsletter, approval, draft }: LiveIssue): ApprovalView | null {
  const isIssue = draft.selection.outcome === 'issue';
  if (!approval || (approval.state === 'open' && !isIssue)) return null;
  return {
    kind: newsletter.approval.kind,
    state: approval.state,
    by: approval.by ?? null,
    at: approval.at ?? null,
    changed: approval.changed.map(({ text }) => text),
    earlier: approval.earlier
      .map(({ verdict, by, at }) => ({ verdict, by: by ?? '', at: new Date(at) }))
      .slice(-MAX_EARLIER),
    shown: approval.shown,
    answers: answersGiven(approval),
    occurrence: approval.occurrence.toISOString(),
    canWithdraw: approval.state === 'approved' || approval.state === 'vetoed',
    canAnswer: isIssue,
  };
}
