/**
 * Makes the issue that is due (rules: occurrence, issue-by-hand, freeze, one-record, approval): every occurrence of a schedule gets
 * exactly one record, however often this runs, in however many processes, whatever the clock did in between. It sends nothing.
 */
import type { Approval } from '../approval/index.js';
import { GazetteError } from '../domain/errors.js';
import type { SkippedOccurrence } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { DueOccurrence } from '../domain/occurrences.js';
import type { Clock, Log } from '../domain/ports/host.js';
import type { Ledger, NewsletterHistory, PostOutcomeRecord } from '../domain/ports/ledger.js';
import type { Store } from '../domain/ports/storage.js';
import { arrangementTrouble } from '../issue/arrangement.js';
import type { CollectOptions } from '../issue/collect.js';
import type { Draft } from '../issue/draft.js';
import { mergedInto } from '../issue/freeze.js';
import type { Issues } from '../issue/index.js';
import { refuseCopy } from '../issue/refuse-copy.js';
import { scheduledTarget } from '../issue/target.js';
import { outcomesOfSkip } from '../select/post-outcomes.js';
import type { Sending } from '../sending/index.js';
import type { DueReport, DueWaiting } from './due-report.js';
import { noteOnDue, noteOnSuspicion } from './notes.js';
import type { Notifications } from './notify.js';

export interface PublishingDeps {
  readonly issues: Pick<Issues, 'schedules' | 'collect' | 'drafts' | 'freezeDraft'>;
  readonly approval: Pick<Approval, 'lookAhead' | 'isClosed' | 'checkApproval'>;
  readonly store: Pick<Store, 'copiedAt'> & { readonly ledger: Pick<Ledger, 'history' | 'recordSkips'> };
  readonly sending: Pick<Sending, 'refuseUnready'>;
  readonly notifications: Pick<Notifications, 'notifyOnce'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** How often other processes may write a record in between before this gives up until the next call. */
const MOST_TRIES = 8;

export function openPublishing({ issues, approval, sending, store, notifications, clock, log }: PublishingDeps) {
  /**
   * Makes what is due of a newsletter, and tells its editor what kept an issue from its readers.
   * @throws GazetteError `send.not-ready` where something is missing that a real send needs (rule: ready-to-send)
   */
  async function publishDue(newsletter: Newsletter, options: CollectOptions = {}): Promise<DueReport> {
    await refuseCopy(store);
    const report = await makeDue(newsletter, options);
    const note = noteOnDue(newsletter, report);
    if (note) await notifications.notifyOnce(note);
    return report;
  }

  async function makeDue(newsletter: Newsletter, options: CollectOptions): Promise<DueReport> {
    await issues.schedules.start(newsletter, clock.now());
    let isCollected = false;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const history = await store.ledger.history(newsletter.id);
      // Each try is a new look: reading the sources takes a while, and other processes write records.
      const now = clock.now();
      const { covered, due, next } = await issues.schedules.occurrences(newsletter, history, now);
      if (covered.length > 0) {
        const into = history.previousOccurrence ?? now;
        await record(newsletter, history, mergedInto(newsletter, into, covered, now), []);
        continue;
      }
      if (!due) {
        const ahead = await approval.lookAhead(newsletter, next, now);
        return { kind: 'nothing-due', next, ...(ahead && { ahead }) };
      }
      if (!due.isLate) {
        sending.refuseUnready(newsletter);
        if (!isCollected) {
          const waiting = await collectInTime(newsletter, due, { ...options, now });
          if (waiting) return waiting;
          isCollected = true;
          continue;
        }
      }
      const report = await publishOccurrence(newsletter, due, now);
      if (report) return report;
    }
    throw new GazetteError('issue.state', `Other processes keep changing the records of “${newsletter.id}”.`, {
      hint: 'The service tries again by itself.',
    });
  }

  /** Reads the sources; gives until when the occurrence waits where one fails. */
  async function collectInTime(
    newsletter: Newsletter,
    { occurrence }: DueOccurrence,
    { now, ...options }: CollectOptions & { readonly now: Date },
  ): Promise<DueWaiting | undefined> {
    const policy = newsletter.onSourceFailure;
    const waitMs = policy.kind === 'wait' ? policy.ms : newsletter.maxLatenessMs;
    const until = new Date(occurrence.getTime() + waitMs);
    // Approved content is known already, so a failing source does not hold it up.
    const isWaitOver = policy.kind === 'wait' && now >= until;
    const goesWithout = isWaitOver || (await approval.isClosed(newsletter, occurrence));
    const asked: Newsletter = goesWithout ? { ...newsletter, onSourceFailure: { kind: 'send-without' } } : newsletter;
    try {
      const { suspicions } = await issues.collect(asked, options, now);
      for (const suspicion of suspicions) await notifications.notifyOnce(noteOnSuspicion(suspicion));
      return undefined;
    } catch (error) {
      if (!(error instanceof GazetteError) || !error.code.startsWith('source.')) throw error;
      return { kind: 'waiting', for: 'source', occurrence, until, reason: error.message };
    }
  }

  /** One try at one occurrence; `undefined` when another process wrote a record meanwhile. */
  async function publishOccurrence(
    newsletter: Newsletter,
    due: DueOccurrence,
    now: Date,
  ): Promise<DueReport | undefined> {
    try {
      return await publishArranged(newsletter, due, now);
    } catch (error) {
      const reason = arrangementTrouble(error);
      if (reason === undefined) throw error;
      const { occurrence, earlier } = due;
      if (due.isLate) {
        const target = scheduledTarget(occurrence, earlier);
        return skip(await issues.drafts.draft(newsletter, target, { unarranged: true }), 'late', now);
      }
      return { kind: 'waiting', for: 'arrangement', occurrence, until: latestFor(newsletter, occurrence), reason };
    }
  }

  async function publishArranged(
    newsletter: Newsletter,
    due: DueOccurrence,
    now: Date,
  ): Promise<DueReport | undefined> {
    const { occurrence } = due;
    const { draft, answer } = await approval.checkApproval(newsletter, due, now);
    const { outcome, chosen } = draft.selection;
    if (answer.kind === 'vetoed') return skip(draft, 'vetoed', now);
    if (due.isLate) return skip(draft, answer.kind === 'waiting' ? 'unapproved' : 'late', now);
    if (outcome !== 'issue') return skip(draft, outcome, now);
    if (answer.kind === 'waiting') {
      const until = latestFor(newsletter, occurrence);
      const posts = chosen.map(({ post }) => post.title);
      return { kind: 'waiting', for: 'approval', occurrence, until, reason: answer.reason, posts };
    }
    const frozen = await issues.freezeDraft(draft, now);
    if (frozen.kind === 'no-readers') return skip(draft, 'no-readers', now);
    return frozen.kind === 'stale' ? undefined : frozen;
  }

  /** The occurrence makes no issue: its posts are carried over, and the cut-off stays where it was. */
  async function skip(draft: Draft, kind: keyof typeof SKIPS, now: Date): Promise<DueReport | undefined> {
    const { newsletter, target, history, selection } = draft;
    const { occurrence, cutoff, earlier = [] } = target;
    const { outcome, why } = SKIPS[kind];
    const own = { newsletter: newsletter.id, occurrence, cutoff, outcome, recordedAt: now };
    // Occurrences that were missed together are all late.
    const others: readonly SkippedOccurrence[] =
      kind === 'late'
        ? earlier.map((at) => ({ ...own, occurrence: at, cutoff: at }))
        : mergedInto(newsletter, occurrence, earlier, now);
    const isRecorded = await record(newsletter, history, [...others, own], outcomesOfSkip(selection, why));
    return isRecorded ? { kind, occurrence } : undefined;
  }

  async function record(
    newsletter: Newsletter,
    history: NewsletterHistory,
    skips: readonly SkippedOccurrence[],
    outcomes: readonly PostOutcomeRecord[],
  ): Promise<boolean> {
    const result = await store.ledger.recordSkips(newsletter.id, skips, outcomes, history.head);
    if (result === 'stale') return false;
    for (const { occurrence, outcome } of skips) {
      log.info('occurrence.passed', { newsletter: newsletter.id, occurrence, outcome });
    }
    return true;
  }

  return { publishDue };
}

const SKIPS = {
  'nothing-new': { outcome: 'nothing-new', why: 'min-posts' },
  'too-few': { outcome: 'nothing-new', why: 'min-posts' },
  'no-readers': { outcome: 'skipped(no-readers)', why: 'skipped' },
  late: { outcome: 'skipped(late)', why: 'skipped' },
  unapproved: { outcome: 'skipped(unapproved)', why: 'skipped' },
  vetoed: { outcome: 'skipped(vetoed)', why: 'vetoed' },
} as const;

function latestFor({ maxLatenessMs }: Newsletter, occurrence: Date): Date {
  return new Date(occurrence.getTime() + maxLatenessMs);
}
