/**
 * Which issue is next, until when, with which posts, and whether it is approved. Everything that shows, tries, approves or sends
 * the next issue asks here, so that all of them see the same one.
 */
import { type ApprovalChange, type ApprovedParts, changesSince } from '../domain/approval.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { DueOccurrence } from '../domain/occurrences.js';
import type { Ledger, NewsletterHistory } from '../domain/ports/ledger.js';
import type { ApprovalRecord, ApprovalRecords } from './approval-record.js';
import type { Draft, DraftOptions, Drafts } from './draft.js';
import type { Schedules } from './schedules.js';
import { type IssueTarget, manualTarget, scheduledTarget } from './target.js';

export interface NextIssue {
  readonly draft: Draft;
  /** The approval that covers it; absent where this content is not approved. */
  readonly approved?: ApprovalRecord;
}

/** An occurrence as its editor left it. */
export interface AnsweredDraft {
  readonly draft: Draft;
  readonly record?: ApprovalRecord;
  /** What differs from the content the record is about; empty where there is no record. */
  readonly changed: readonly ApprovalChange[];
  readonly parts: ApprovedParts;
  readonly shown: string;
}

export interface NextIssueOptions extends DraftOptions {
  /** Draft with this cut-off instead, whatever is due or closed. */
  readonly cutoff?: Date | undefined;
}

export interface NextIssuesDeps {
  readonly ledger: Pick<Ledger, 'history'>;
  readonly schedules: Pick<Schedules, 'occurrences' | 'awaited'>;
  readonly drafts: Drafts;
  readonly approvals: ApprovalRecords;
}

export type NextIssues = ReturnType<typeof openNextIssues>;

export function openNextIssues({ ledger, schedules, drafts, approvals }: NextIssuesDeps) {
  /**
   * The issue that leaves when a person sends now (rule: issue-by-hand): the occurrence that is due, as the schedule would make
   * it; else the content that an approval or a notice has closed; else what there is at this moment. Collect before asking.
   */
  async function next(newsletter: Newsletter, now: Date, options: NextIssueOptions = {}): Promise<NextIssue> {
    const { cutoff, ...draftOptions } = options;
    if (cutoff) return { draft: await drafts.draft(newsletter, manualTarget(cutoff), draftOptions) };
    const byNow = async () => ({ draft: await drafts.draft(newsletter, manualTarget(now), draftOptions) });
    const history = await ledger.history(newsletter.id);
    const { due, next: upcoming } = await schedules.occurrences(newsletter, history, now);
    const inReach = due && !due.isLate ? due : undefined;
    const scheduled =
      newsletter.approval.kind === 'none'
        ? inReach && (await asScheduled(newsletter, inReach, draftOptions))
        : await answered(newsletter, inReach?.occurrence ?? upcoming, now, draftOptions);
    if (scheduled?.draft.selection.outcome !== 'issue') return byNow();

    const { record, changed, draft }: Pick<AnsweredDraft, 'draft' | 'record' | 'changed'> = scheduled;
    const { target } = draft;
    const approved = record?.verdict === 'approved' && changed.length === 0 ? { approved: record } : {};
    // What the schedule would make by now is the record of its occurrence, even when it is sent by hand (rule: one-record).
    if (inReach || target.cutoff >= target.occurrence) {
      return { draft, ...approved };
    }
    if (!target.seenBy) return byNow();
    const byHand = { ...target, occurrence: target.cutoff, manual: true };
    return { draft: await drafts.draft(newsletter, byHand, draftOptions), ...approved };
  }

  async function asScheduled(newsletter: Newsletter, due: DueOccurrence, options: DraftOptions) {
    const target = scheduledTarget(due.occurrence, due.earlier);
    return { draft: await drafts.draft(newsletter, target, options), changed: [] };
  }

  /**
   * An occurrence as its editor left it: with the window that was closed, while the answer still covers the content; else with an
   * open one. A notice keeps its window: its content is closed, whatever is edited in it.
   */
  async function answered(
    newsletter: Newsletter,
    occurrence: Date,
    now: Date,
    options: DraftOptions = {},
  ): Promise<AnsweredDraft> {
    const history = await ledger.history(newsletter.id);
    const { due } = await schedules.occurrences(newsletter, history, now);
    // The person who answers sees what was missed before it, as the freeze does.
    const earlier = due?.occurrence.getTime() === occurrence.getTime() ? due.earlier : [];
    const record = await liveRecord(newsletter, occurrence, history);
    const open: IssueTarget = { ...scheduledTarget(occurrence, earlier), cutoff: now < occurrence ? now : occurrence };
    const drafted = async (target: IssueTarget) => {
      const draft = await drafts.draft(newsletter, target, options);
      return { draft, ...(await approvals.partsOf(draft)) };
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

  /** A record no longer applies once an issue has passed its window; nor does a notice where a veto is not possible. */
  async function liveRecord(
    newsletter: Newsletter,
    occurrence: Date,
    { previousCutoff }: NewsletterHistory,
  ): Promise<ApprovalRecord | undefined> {
    const record = await approvals.read(newsletter, occurrence);
    if (record?.verdict === 'announced' && newsletter.approval.kind !== 'veto') return undefined;
    return record && previousCutoff && record.cutoffMs <= previousCutoff.getTime() ? undefined : record;
  }

  /** The occurrence a person answers for: the one that is due and not too late, else the next one. */
  async function awaited(newsletter: Newsletter, now: Date): Promise<Date> {
    return schedules.awaited(newsletter, await ledger.history(newsletter.id), now);
  }

  return { next, answered, liveRecord, awaited };
}
