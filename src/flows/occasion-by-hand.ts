/**
 * Which issue leaves next when a person sends it (laws §3.2, §3.6). Whatever shows that issue asks here as well, so that what
 * is seen, tried and sent have one window.
 */
import type { Newsletter } from '../domain/newsletter.js';
import type { DueOccurrence } from '../domain/occurrences.js';
import type { Store } from '../domain/ports.js';
import { type AnsweredDraft, draftAnswered } from './answered-draft.js';
import type { ApprovalRecord } from './approval-record.js';
import { draftCandidates, manualOccasion, type Occasion } from './draft-issue.js';
import { readOccurrences } from './followed-since.js';
import type { House } from './house.js';

export interface ByHand {
  readonly occasion: Occasion;
  /** Whose yes this is; absent where nobody said one that still stands. */
  readonly approved?: ApprovalRecord;
}

/**
 * An occurrence that is due, as the schedule would make it; else what an answer or a notice has closed; else what there is at
 * this moment, also where the former make no issue. Sources are to be read before it is asked.
 */
export async function occasionByHand(house: House, newsletter: Newsletter): Promise<ByHand> {
  const standing = await house.store.ledger.standing(newsletter.id);
  const { due, next } = await readOccurrences(house, newsletter, standing);
  const inReach = due && !due.isLate ? due : undefined;
  const byNow = { occasion: manualOccasion(house.clock.now()) };
  const answered =
    newsletter.approval.kind === 'none'
      ? inReach && { draft: await draftCandidates(house, newsletter, occasionOf(inReach), standing), changed: [] }
      : await draftAnswered(house, newsletter, inReach?.occurrence ?? next);
  if (answered?.draft.selection.outcome !== 'issue') return byNow;

  const { draft, record, changed }: Pick<AnsweredDraft, 'draft' | 'record' | 'changed'> = answered;
  const { occasion } = draft;
  const isApproved = record?.verdict === 'approved' && changed.length === 0;
  const approved = isApproved ? { approved: record } : {};
  // What the schedule would make by now is the record of its occurrence, whoever makes it (laws §3.4).
  if (inReach || occasion.cutoff >= occasion.occurrence) return { occasion, ...approved };
  if (!occasion.seenBy) return byNow;
  return { occasion: { ...occasion, occurrence: occasion.cutoff, manual: true }, ...approved };
}

/**
 * What a look at the next issue, over a scratch store, is drafted with. `now` is taken for its cut-off, whatever is due or
 * closed.
 */
export async function occasionLookedAt(
  house: House,
  scratch: Store,
  newsletter: Newsletter,
  now: Date | undefined,
): Promise<Occasion> {
  if (now) return manualOccasion(now);
  // Answers, and since when a schedule is followed, stand beside the ledger, which no scratch store copies.
  const store = { ...scratch, shared: house.store.shared };
  return (await occasionByHand({ ...house, store }, newsletter)).occasion;
}

function occasionOf({ occurrence, earlier }: DueOccurrence): Occasion {
  return { occurrence, cutoff: occurrence, manual: false, earlier };
}
