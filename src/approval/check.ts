/** What a newsletter with approval does at, and ahead of, an occurrence (rule: approval). */
import { changesText } from '../domain/approval.js';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Arrangements } from '../domain/ports/content.js';
import type { Clock, Log } from '../domain/ports/host.js';
import { arrangementTrouble } from '../issue/arrangement.js';
import type { Draft } from '../issue/draft.js';
import type { Issues } from '../issue/index.js';
import type { AnsweredDraft } from '../issue/next-issue.js';
import { scheduledTarget } from '../issue/target.js';

export interface ApprovalDecision {
  readonly draft: Draft;
  readonly answer: { readonly kind: 'go' | 'vetoed' } | { readonly kind: 'waiting'; readonly reason: string };
}

/** What an editor should hear of an issue before it is due. */
export type AheadReport =
  | {
      readonly kind: 'announced';
      readonly occurrence: Date;
      readonly announcedAt: Date;
      /** When it leaves. */
      readonly until: Date;
      readonly posts: readonly string[];
    }
  /** An answer does not hold any more, or what was arranged cannot be read. */
  | { readonly kind: 'void' | 'arrangement'; readonly occurrence: Date; readonly reason: string };

export interface ApprovalCheckDeps {
  readonly issues: Pick<Issues, 'drafts' | 'nextIssues' | 'approvals' | 'collect'>;
  readonly arrangements: Pick<Arrangements, 'read'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

export type ApprovalCheck = ReturnType<typeof openApprovalCheck>;

export function openApprovalCheck({ issues, arrangements, clock, log }: ApprovalCheckDeps) {
  const { nextIssues, approvals } = issues;

  /** Drafts an occurrence that is due, and says whether its editor lets it go. */
  async function checkApproval(
    newsletter: Newsletter,
    { occurrence, earlier }: { readonly occurrence: Date; readonly earlier: readonly Date[] },
    now: Date,
  ): Promise<ApprovalDecision> {
    if (newsletter.approval.kind === 'none') {
      const target = scheduledTarget(occurrence, earlier);
      return { draft: await issues.drafts.draft(newsletter, target), answer: { kind: 'go' } };
    }
    const answered = await nextIssues.answered(newsletter, occurrence, now);
    return { draft: answered.draft, answer: await answerOf(newsletter, answered, now) };
  }

  async function answerOf(
    newsletter: Newsletter,
    answered: AnsweredDraft,
    now: Date,
  ): Promise<ApprovalDecision['answer']> {
    const { approval } = newsletter;
    const { record, changed, draft } = answered;
    if (record?.verdict === 'vetoed') return { kind: 'vetoed' };
    if (record?.verdict === 'approved' && changed.length === 0) return { kind: 'go' };
    if (approval.kind === 'none') return { kind: 'go' };
    if (approval.kind === 'required') {
      const isVoid = record?.verdict === 'approved';
      const reason = isVoid
        ? `it was changed after it was approved: ${changesText(changed)}`
        : 'it has not been approved yet';
      return { kind: 'waiting', reason };
    }
    if (draft.selection.outcome !== 'issue') return { kind: 'go' };
    const until = vetoEnd(draft.target.occurrence, approval.ms, await announced(newsletter, answered, now));
    if (now >= until) return { kind: 'go' };
    return { kind: 'waiting', reason: `it may be vetoed until ${until.toISOString()}` };
  }

  /** When the notice of this very content went out; it goes out now where there was none. */
  async function announced(newsletter: Newsletter, answered: AnsweredDraft, now: Date): Promise<number> {
    const { record, changed, draft, parts } = answered;
    if (record?.verdict === 'announced' && changed.length === 0) return record.at;
    const { occurrence, cutoff, seenBy } = draft.target;
    const at = now.getTime();
    const window = { cutoffMs: cutoff.getTime(), closedAt: seenBy?.getTime() ?? at };
    await approvals.write(newsletter, occurrence, { ...window, parts, verdict: 'announced', at });
    log.info('issue.announced', { newsletter: newsletter.id, occurrence });
    return at;
  }

  /** What an editor should hear of the next issue; closes the content of a veto newsletter when it is time. */
  async function lookAhead(newsletter: Newsletter, next: Date, now: Date): Promise<AheadReport | undefined> {
    try {
      await arrangements.read(newsletter, next);
      return await closeAhead(newsletter, next, now);
    } catch (error) {
      const reason = arrangementTrouble(error);
      if (reason === undefined) throw error;
      return { kind: 'arrangement', occurrence: next, reason };
    }
  }

  /** Closes the content of a veto newsletter ahead of its occurrence, and notices when an answer does not hold any more. */
  async function closeAhead(newsletter: Newsletter, next: Date, now: Date): Promise<AheadReport | undefined> {
    const { approval } = newsletter;
    if (approval.kind === 'none') return undefined;
    const record = await approvals.read(newsletter, next);
    if (record?.verdict === 'approved') {
      const { changed } = await nextIssues.answered(newsletter, next, now);
      if (changed.length === 0) return undefined;
      if (approval.kind === 'required') return { kind: 'void', occurrence: next, reason: changesText(changed) };
    }
    if (approval.kind === 'required' || record?.verdict === 'vetoed') return undefined;
    if (now.getTime() < next.getTime() - approval.ms) return undefined;
    if (record?.verdict !== 'announced' && !(await hasCollected(newsletter))) return undefined;
    // What anybody's collection has found by the time the sources are read belongs to the closed content.
    const closedAt = clock.now();
    const answered = await nextIssues.answered(newsletter, next, closedAt);
    if (answered.draft.selection.outcome !== 'issue') return undefined;
    const at = await announced(newsletter, answered, closedAt);
    const until = vetoEnd(next, approval.ms, at);
    const posts = answered.draft.selection.chosen.map(({ post }) => post.title);
    return { kind: 'announced', occurrence: next, announcedAt: new Date(at), until, posts };
  }

  /** The notice can wait for a source that fails: the issue leaves so much later. */
  async function hasCollected(newsletter: Newsletter): Promise<boolean> {
    try {
      await issues.collect(newsletter);
      return true;
    } catch (error) {
      if (error instanceof GazetteError && error.code.startsWith('source.')) return false;
      throw error;
    }
  }

  /** Whether the content of an occurrence was closed by its editor or a notice. */
  async function isClosed(newsletter: Newsletter, occurrence: Date): Promise<boolean> {
    if (newsletter.approval.kind === 'none') return false;
    const record = await approvals.read(newsletter, occurrence);
    return record?.verdict === 'approved' || (record?.verdict === 'announced' && newsletter.approval.kind === 'veto');
  }

  return { checkApproval, lookAhead, isClosed };
}

/** A notice this much behind its time is still in time: the clock ticks once a minute, and sources take a while. */
const IN_TIME_MS = 5 * 60_000;

/** Until when somebody may say no: the occurrence itself, or as much later as the notice came late. */
function vetoEnd(occurrence: Date, vetoMs: number, announcedAt: number): Date {
  const lateMs = announcedAt + vetoMs - occurrence.getTime();
  return lateMs <= IN_TIME_MS ? occurrence : new Date(occurrence.getTime() + lateMs);
}
