/**
 * A person's approval or veto of an issue (rule: approval): given, withdrawn, and shown. It is kept beside the ledger with the
 * cut-off and hashes of what the person was shown. An edit in between voids an approval, and the change is named.
 */
import type { ApprovalChange } from '../domain/approval.js';
import { mayHaveArrivedCount } from '../domain/delivery.js';
import { GazetteError } from '../domain/errors.js';
import { type Issue, issueCommand } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Log } from '../domain/ports/host.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { ApprovalRecord, RecordedAnswer } from '../issue/approval-record.js';
import { cancelIssue } from '../issue/cancel.js';
import type { Draft } from '../issue/draft.js';
import type { Issues } from '../issue/index.js';

/** Whether the occurrence that waits, or else the next one, is approved. */
export interface ApprovalStatus {
  readonly newsletter: string;
  readonly occurrence: Date;
  /** `open`: no answer yet; `void`: what was approved or announced is not what would be sent. */
  readonly state: 'open' | 'announced' | 'approved' | 'vetoed' | 'void';
  /** Who answered, and when; absent while it is open, and for a notice. */
  readonly by?: string;
  readonly at?: Date;
  /** What was said before, oldest first. */
  readonly earlier: readonly RecordedAnswer[];
  /** What was changed since, where that made it void. */
  readonly changed: readonly ApprovalChange[];
  /** Names the present content: an answer that names it applies to this content only. */
  readonly shown: string;
  readonly outcome: Draft['selection']['outcome'];
  /** Titles, in the order of choosing. */
  readonly posts: readonly string[];
}

export interface Answer {
  readonly verdict: 'approved' | 'vetoed';
  readonly by: string;
  /** The occurrence the person means; refused when another one waits by now. */
  readonly occurrence?: Date;
  /** `ApprovalStatus.shown` of what the person has seen; refused when it has changed. */
  readonly shown?: string;
  /** `answersGiven` of what the person has seen; refused when somebody has answered since, unless it was the same answer. */
  readonly answers?: number;
}

/** How many answers people have given to an issue, withdrawals included. */
export function answersGiven({ by, earlier }: Pick<ApprovalStatus, 'by' | 'earlier'>): number {
  return [...earlier, { by }].filter((answer) => answer.by !== undefined).length;
}

export interface ApprovalReport {
  readonly newsletter: string;
  readonly verdict: 'approved' | 'vetoed';
  readonly by: string;
  readonly at: Date;
  readonly occurrence: Date;
  readonly cutoff: Date;
  readonly posts: readonly string[];
}

export interface WithdrawalReport {
  readonly newsletter: string;
  readonly occurrence: Date;
  /** What was taken back. */
  readonly verdict: 'approved' | 'vetoed';
  /** The issue that had been frozen already, and was cancelled before its first message; its posts come again. */
  readonly cancelled?: number;
}

export type Answers = ReturnType<typeof openAnswers>;

export interface AnswersDeps {
  readonly issues: Pick<Issues, 'nextIssues' | 'approvals'>;
  readonly ledger: Pick<Ledger, 'history' | 'issue' | 'counts' | 'cancel'>;
  readonly newsletters: ReadonlyMap<string, Newsletter>;
  readonly log: Log;
}

export function openAnswers({ issues, ledger, newsletters, log }: AnswersDeps) {
  const { nextIssues, approvals } = issues;

  /** Reads the approval of the issue that waits, or else of the next one. Changes nothing and reads no source. */
  async function readApproval(newsletter: Newsletter, now: Date): Promise<ApprovalStatus> {
    const occurrence = await nextIssues.awaited(newsletter, now);
    const { draft, record, changed, shown } = await nextIssues.answered(newsletter, occurrence, now);
    const isVoid = changed.length > 0 && (record?.verdict === 'approved' || record?.verdict === 'announced');
    const { verdict } = record ?? { verdict: 'withdrawn' };
    return {
      newsletter: newsletter.id,
      occurrence,
      state: isVoid ? 'void' : verdict === 'withdrawn' ? 'open' : verdict,
      ...(record?.by !== undefined && { by: record.by }),
      ...(record && verdict !== 'withdrawn' && { at: new Date(record.at) }),
      earlier: record?.earlier ?? [],
      changed,
      shown,
      outcome: draft.selection.outcome,
      posts: titlesOf(draft),
    };
  }

  /** Approves or vetoes the issue that waits, or else the next one. Closes its window now, unless it is closed already. Collect before. */
  async function answerNext(newsletter: Newsletter, answer: Answer, now: Date): Promise<ApprovalReport> {
    const { verdict, by } = answer;
    const occurrence = await nextIssues.awaited(newsletter, now);
    if (answer.occurrence && answer.occurrence.getTime() !== occurrence.getTime()) {
      throw new GazetteError('issue.state', `The issue of ${answer.occurrence.toISOString()} does not wait any more.`);
    }
    const { draft, record, changed, parts, shown } = await nextIssues.answered(newsletter, occurrence, now);
    if (answer.shown !== undefined && answer.shown !== shown) {
      throw new GazetteError('issue.state', 'The issue has changed since you looked at it.', { hint: 'Look again.' });
    }
    if (draft.selection.outcome !== 'issue') {
      throw new GazetteError('issue.state', 'There is no issue to answer for: nothing is in it yet.', {
        hint: 'See `gazette plan`.',
      });
    }
    const isSaid = record?.verdict === verdict && changed.length === 0;
    if (!isSaid && answer.answers !== undefined && answer.answers !== answersGiven(record ?? { earlier: [] })) {
      throw new GazetteError('issue.state', 'Another answer has been given since this page was loaded.', {
        hint: 'Look again, then decide.',
      });
    }
    const { cutoff, seenBy = now } = draft.target;
    const said = isSaid ? record : { verdict, by, at: now.getTime() };
    if (!isSaid) {
      const window = { cutoffMs: cutoff.getTime(), closedAt: seenBy.getTime() };
      await approvals.write(newsletter, occurrence, { ...window, parts, verdict, by, at: now.getTime() });
      await refusePassed(newsletter, occurrence);
      log.info(`issue.${verdict}`, { newsletter: newsletter.id, occurrence, by });
    }
    return {
      newsletter: newsletter.id,
      verdict,
      by: said.by ?? by,
      at: new Date(said.at),
      occurrence,
      cutoff,
      posts: titlesOf(draft),
    };
  }

  /** Withdraws an answer. An approval can be withdrawn until the first message of its issue is sent. */
  async function withdrawAnswer(newsletter: Newsletter, by: string, now: Date): Promise<WithdrawalReport> {
    refuseUnasked(newsletter);
    const occurrence = await nextIssues.awaited(newsletter, now);
    const history = await ledger.history(newsletter.id);
    const record = await nextIssues.liveRecord(newsletter, occurrence, history);
    if (record?.verdict === 'approved' || record?.verdict === 'vetoed') {
      await takeBack(newsletter, record, { occurrence, by, now });
      const issue = await latestIssue(newsletter);
      // It was frozen between the look and the word.
      const cancelled = issue?.occurrence.getTime() === occurrence.getTime() ? await cancelUnsent(issue, now) : {};
      return { newsletter: newsletter.id, occurrence, verdict: record.verdict, ...cancelled };
    }
    const issue = await latestIssue(newsletter);
    const frozen = issue && (await approvals.read(newsletter, issue.occurrence));
    if (issue && frozen?.verdict === 'approved' && issue.state !== 'done' && issue.state !== 'cancelled') {
      const cancelled = await cancelUnsent(issue, now);
      await takeBack(newsletter, frozen, { occurrence: issue.occurrence, by, now });
      // Once an issue sent by hand is cancelled, the approval it was made with applies to the next occurrence again.
      const revived = await nextIssues.liveRecord(newsletter, occurrence, await ledger.history(newsletter.id));
      if (revived?.verdict === 'approved') await takeBack(newsletter, revived, { occurrence, by, now });
      return { newsletter: newsletter.id, occurrence: issue.occurrence, verdict: 'approved', ...cancelled };
    }
    throw new GazetteError(
      'issue.state',
      'There is no answer to withdraw: the next issue has neither been approved nor vetoed.',
      {
        hint: 'See `gazette status`.',
      },
    );
  }

  async function takeBack(
    newsletter: Newsletter,
    { cutoffMs, closedAt, parts }: ApprovalRecord,
    { occurrence, by, now }: { readonly occurrence: Date; readonly by: string; readonly now: Date },
  ): Promise<void> {
    const at = now.getTime();
    await approvals.write(newsletter, occurrence, { verdict: 'withdrawn', by, at, cutoffMs, closedAt, parts });
    log.info('issue.answer-withdrawn', { newsletter: newsletter.id, occurrence, by });
  }

  /** Cancels an issue of which nothing is on the wire. */
  async function cancelUnsent(issue: Issue, now: Date): Promise<{ readonly cancelled: number }> {
    const { number, newsletter: id } = issue;
    const counts = await ledger.counts(issue.id);
    const begun = mayHaveArrivedCount(counts) + counts.rejected;
    const newsletter = newsletters.get(id);
    if (begun > 0 || !newsletter) {
      throw new GazetteError('issue.state', `The first messages of issue ${number} are on their way.`, {
        hint: `${issueCommand('cancel', issue)} stops the rest.`,
      });
    }
    await cancelIssue({ ledger, log }, newsletter, number, now);
    return { cancelled: number };
  }

  /** A word that came while the occurrence got its record is not taken for one that counted. */
  async function refusePassed(newsletter: Newsletter, occurrence: Date): Promise<void> {
    const { lastScheduled } = await ledger.history(newsletter.id);
    if (!lastScheduled || lastScheduled < occurrence) return;
    throw new GazetteError('issue.state', `The issue of ${occurrence.toISOString()} has just been decided.`, {
      hint: 'See `gazette issues`; `gazette issue cancel` stops one that is being sent.',
    });
  }

  async function latestIssue({ id }: Newsletter): Promise<Issue | undefined> {
    const { lastNumber } = await ledger.history(id);
    return lastNumber > 0 ? ledger.issue(id, lastNumber) : undefined;
  }

  return { read: readApproval, answer: answerNext, withdraw: withdrawAnswer };
}

/** Throws `issue.state` for a newsletter without approval. */
export function refuseUnasked({ id, approval }: Newsletter): void {
  if (approval.kind !== 'none') return;
  throw new GazetteError('issue.state', `“${id}” needs no approval: its setting "approval" is none.`, {
    hint: 'Write `approval: required` or `approval: veto 2h` in its file.',
  });
}

function titlesOf({ selection }: Draft): readonly string[] {
  return selection.chosen.map(({ post }) => post.title);
}
