/** An occurrence as its editor left it: drafted with the window that was closed, and held against what was answered (laws §3.6). */
import { type ApprovalChange, type ApprovedParts, changesSince } from '../domain/approval.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Standing } from '../domain/ports.js';
import { type ApprovalRecord, partsOf, readRecord } from './approval-record.js';
import { type Draft, draftCandidates, type Occasion } from './draft-issue.js';
import { readOccurrences } from './followed-since.js';
import type { House } from './house.js';

export interface AnsweredDraft {
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
export async function draftAnswered(house: House, newsletter: Newsletter, occurrence: Date): Promise<AnsweredDraft> {
  const standing = await house.store.ledger.standing(newsletter.id);
  const { due } = await readOccurrences(house, newsletter, standing);
  // Whoever answers sees what was missed before it, as the one who freezes does.
  const earlier = due?.occurrence.getTime() === occurrence.getTime() ? due.earlier : [];
  const record = await liveRecord(house, newsletter, occurrence, standing);
  const now = house.clock.now();
  const open = { occurrence, cutoff: now < occurrence ? now : occurrence, manual: false, earlier };
  const drafted = async (occasion: Occasion) => {
    const draft = await draftCandidates(house, newsletter, occasion, standing);
    return { draft, ...(await partsOf(house, draft)) };
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
  house: House,
  newsletter: Newsletter,
  occurrence: Date,
  { previousCutoff }: Standing,
): Promise<ApprovalRecord | undefined> {
  const record = await readRecord(house, newsletter, occurrence);
  if (record?.verdict === 'announced' && newsletter.approval.kind !== 'veto') return undefined;
  return record && previousCutoff && record.cutoffMs <= previousCutoff.getTime() ? undefined : record;
}

/** The latest occurrence in reach of a catch-up waits; where there is none, the next one is meant. */
export async function awaitedOccurrence(house: House, newsletter: Newsletter): Promise<Date> {
  const standing = await house.store.ledger.standing(newsletter.id);
  const { due, next } = await readOccurrences(house, newsletter, standing);
  return due && !due.isLate ? due.occurrence : next;
}
