/** An occurrence as its editor left it: drafted with the window that was closed, and held against what was answered (rule: approval). */
import { type ApprovalChange, type ApprovedParts, changesSince } from '../domain/approval.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { NewsletterHistory } from '../domain/ports/storage.js';
import type { AppContext } from './app-context.js';
import { type ApprovalRecord, partsOf, readRecord } from './approval-record.js';
import { type Draft, draftCandidates, type IssueTarget } from './draft.js';
import { readOccurrences } from './schedule-start.js';

export interface ClosedDraft {
  readonly draft: Draft;
  readonly record?: ApprovalRecord;
  /** What differs from what the record is about; empty too where there is none. */
  readonly changed: readonly ApprovalChange[];
  readonly parts: ApprovedParts;
  readonly shown: string;
}

/**
 * An occurrence as its editor left it: with the window that was closed, while what was answered still stands; else with an open
 * one. A notice keeps its window: its content is closed, whatever is mended in it.
 */
export async function draftAsClosed(deps: AppContext, newsletter: Newsletter, occurrence: Date): Promise<ClosedDraft> {
  const history = await deps.store.ledger.history(newsletter.id);
  const { due } = await readOccurrences(deps, newsletter, history);
  // Whoever answers sees what was missed before it, as the one who freezes does.
  const earlier = due?.occurrence.getTime() === occurrence.getTime() ? due.earlier : [];
  const record = await liveRecord(deps, newsletter, occurrence, history);
  const now = deps.clock.now();
  const open = { occurrence, cutoff: now < occurrence ? now : occurrence, manual: false, earlier };
  const drafted = async (target: IssueTarget) => {
    const draft = await draftCandidates(deps, newsletter, target, history);
    return { draft, ...(await partsOf(deps, draft)) };
  };
  if (!record || record.verdict === 'withdrawn') {
    return { ...(await drafted(open)), ...(record && { record }), changed: [] };
  }
  const { cutoffMs, closedAt } = record;
  const closed = await drafted({ ...open, cutoff: new Date(cutoffMs), seenBy: new Date(closedAt) });
  const changed = changesSince(record.parts, closed.parts);
  const isOpenAgain = changed.length > 0 && record.verdict === 'approved';
  return { ...(isOpenAgain ? await drafted(open) : closed), record, changed };
}

/** A record whose window an issue has passed by since is nobody's word any more; nor is a notice where nobody may be silent. */
export async function liveRecord(
  deps: AppContext,
  newsletter: Newsletter,
  occurrence: Date,
  { previousCutoff }: NewsletterHistory,
): Promise<ApprovalRecord | undefined> {
  const record = await readRecord(deps, newsletter, occurrence);
  if (record?.verdict === 'announced' && newsletter.approval.kind !== 'veto') return undefined;
  return record && previousCutoff && record.cutoffMs <= previousCutoff.getTime() ? undefined : record;
}

/** The latest occurrence in reach of a catch-up waits; where there is none, the next one is meant. */
export async function awaitedOccurrence(deps: AppContext, newsletter: Newsletter): Promise<Date> {
  const history = await deps.store.ledger.history(newsletter.id);
  const { due, next } = await readOccurrences(deps, newsletter, history);
  return due && !due.isLate ? due.occurrence : next;
}
