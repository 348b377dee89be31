/**
 * Which issue leaves next when a person sends it (rules: issue-by-hand, approval). Whatever shows that issue asks here as well, so that what
 * is seen, tried and sent have one window.
 */
import type { Newsletter } from '../domain/newsletter.js';
import type { DueOccurrence } from '../domain/occurrences.js';
import type { Store } from '../domain/ports/storage.js';
import type { AppContext } from './app-context.js';
import type { ApprovalRecord } from './approval-record.js';
import { type ClosedDraft, draftAsClosed } from './closed-draft.js';
import { draftCandidates, type IssueTarget, manualTarget } from './draft.js';
import { readOccurrences } from './schedule-start.js';

export interface TargetByHand {
  readonly target: IssueTarget;
  /** Whose yes this is; absent where nobody said one that still stands. */
  readonly approved?: ApprovalRecord;
}

/**
 * An occurrence that is due, as the schedule would make it; else what an answer or a notice has closed; else what there is at
 * this moment, also where the former make no issue. Sources are to be read before it is asked.
 */
export async function targetByHand(deps: AppContext, newsletter: Newsletter): Promise<TargetByHand> {
  const history = await deps.store.ledger.history(newsletter.id);
  const { due, next } = await readOccurrences(deps, newsletter, history);
  const inReach = due && !due.isLate ? due : undefined;
  const byNow = { target: manualTarget(deps.clock.now()) };
  const answered =
    newsletter.approval.kind === 'none'
      ? inReach && { draft: await draftCandidates(deps, newsletter, occasionOf(inReach), history), changed: [] }
      : await draftAsClosed(deps, newsletter, inReach?.occurrence ?? next);
  if (answered?.draft.selection.outcome !== 'issue') return byNow;

  const { draft, record, changed }: Pick<ClosedDraft, 'draft' | 'record' | 'changed'> = answered;
  const { target } = draft;
  const isApproved = record?.verdict === 'approved' && changed.length === 0;
  const approved = isApproved ? { approved: record } : {};
  // What the schedule would make by now is the record of its occurrence, whoever makes it (rule: one-record).
  if (inReach || target.cutoff >= target.occurrence) return { target, ...approved };
  if (!target.seenBy) return byNow;
  return { target: { ...target, occurrence: target.cutoff, manual: true }, ...approved };
}

/**
 * What a look at the next issue, over a scratch store, is drafted with. `now` is taken for its cut-off, whatever is due or
 * closed.
 */
export async function targetForLooking(
  deps: AppContext,
  scratch: Store,
  newsletter: Newsletter,
  now: Date | undefined,
): Promise<IssueTarget> {
  if (now) return manualTarget(now);
  // Answers, and since when a schedule is followed, stand beside the ledger, which no scratch store copies.
  const store = { ...scratch, shared: deps.store.shared };
  return (await targetByHand({ ...deps, store }, newsletter)).target;
}

function occasionOf({ occurrence, earlier }: DueOccurrence): IssueTarget {
  return { occurrence, cutoff: occurrence, manual: false, earlier };
}
