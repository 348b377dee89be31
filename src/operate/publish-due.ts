/**
 * Makes what is due of one newsletter (rules: occurrence, issue-by-hand, freeze, one-record, approval): every occurrence of its schedule gets exactly one record,
 * however often this runs, in however many processes, whatever the clock did in between. It sends nothing.
 */

import type { AppContext } from '../app-context.js';
import type { AheadReport } from '../approval/check.js';
import { GazetteError } from '../domain/errors.js';
import type { Issue, SkippedOccurrence } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import { type DueOccurrence, dueOccurrences } from '../domain/occurrences.js';
import type { NewsletterHistory, PostOutcomeRecord } from '../domain/ports/storage.js';
import { arrangementTrouble } from '../issue/arrangement.js';
import type { CollectOptions, CollectReport } from '../issue/collect.js';
import type { Draft } from '../issue/draft.js';
import { mergedInto } from '../issue/freeze.js';
import { refuseCopy } from '../issue/refuse-copy.js';
import { scheduledTarget } from '../issue/target.js';
import { outcomesOfSkip } from '../select/post-outcomes.js';
import { tellOfSuspicions } from './notify.js';

export type DueReport =
  | { readonly kind: 'nothing-due'; readonly next: Date; readonly ahead?: AheadReport }
  /** There is an issue to be sent; `exists`: another process made it. */
  | { readonly kind: 'frozen' | 'exists'; readonly issue: Issue }
  /** The occurrence has its record, and made no issue. */
  | { readonly kind: 'nothing-new' | 'too-few' | 'late' | 'unapproved' | 'vetoed'; readonly occurrence: Date }
  /** Not yet: a source fails, a person has not said yes, or what they arranged cannot be read. */
  | {
      readonly kind: 'waiting';
      readonly for: 'source' | 'approval' | 'arrangement';
      readonly occurrence: Date;
      readonly until: Date;
      readonly reason: string;
      /** Titles of what waits for a person. */
      readonly posts?: readonly string[];
    };

/** How often others may write a record in between before this gives up until it is asked again. */
const MOST_TRIES = 8;

/** @throws GazetteError `send.not-ready` when something a real send needs is missing (rule: ready-to-send) */
export async function publishDue(
  deps: AppContext,
  newsletter: Newsletter,
  options: CollectOptions = {},
): Promise<DueReport> {
  await refuseCopy(deps.store);
  const since = await deps.issues.schedules.start(newsletter, deps.clock.now());
  let collected: CollectReport | undefined;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const history = await deps.store.ledger.history(newsletter.id);
    const now = deps.clock.now();
    const { covered, due, next } = dueOccurrences({ calendar: deps.calendar, newsletter, history, since, now });
    if (covered.length > 0) {
      const into = history.previousOccurrence ?? now;
      await record(deps, newsletter, history, mergedInto(newsletter, into, covered, now), []);
      continue;
    }
    if (!due) {
      const ahead = await deps.approval.lookAhead(newsletter, next);
      return { kind: 'nothing-due', next, ...(ahead && { ahead }) };
    }
    if (!due.isLate) {
      deps.sending.refuseUnready(newsletter);
      const collecting = collected ?? (await collectInTime(deps, newsletter, due, options));
      if ('kind' in collecting) return collecting;
      collected = collecting;
    }
    const report = await publishOccurrence(deps, newsletter, due);
    if (report) return report;
  }
  throw new GazetteError('issue.state', `The records of “${newsletter.id}” change all the time.`);
}

/** Reads the sources, or says until when the occurrence waits for one that fails. */
async function collectInTime(
  deps: AppContext,
  newsletter: Newsletter,
  { occurrence }: DueOccurrence,
  options: CollectOptions,
): Promise<CollectReport | Extract<DueReport, { kind: 'waiting' }>> {
  const policy = newsletter.onSourceFailure;
  const waitMs = policy.kind === 'wait' ? policy.ms : newsletter.maxLatenessMs;
  const until = new Date(occurrence.getTime() + waitMs);
  // What is approved is known: a source that fails keeps it from nobody.
  const isWaitOver = policy.kind === 'wait' && deps.clock.now() >= until;
  const goesWithout = isWaitOver || (await deps.approval.isClosed(newsletter, occurrence));
  const asked: Newsletter = goesWithout ? { ...newsletter, onSourceFailure: { kind: 'send-without' } } : newsletter;
  try {
    const report = await deps.issues.collect(asked, options);
    await tellOfSuspicions(deps, report.suspicions);
    return report;
  } catch (error) {
    if (!(error instanceof GazetteError) || !error.code.startsWith('source.')) throw error;
    return { kind: 'waiting', for: 'source', occurrence, until, reason: error.message };
  }
}

/** One try at one occurrence; `undefined` when somebody else wrote a record meanwhile. */
async function publishOccurrence(
  deps: AppContext,
  newsletter: Newsletter,
  due: DueOccurrence,
): Promise<DueReport | undefined> {
  try {
    return await publishArranged(deps, newsletter, due);
  } catch (error) {
    const reason = arrangementTrouble(error);
    if (reason === undefined) throw error;
    const { occurrence, earlier } = due;
    if (due.isLate) {
      const target = scheduledTarget(occurrence, earlier);
      return skip(deps, await deps.issues.drafts.draft(newsletter, target, { unarranged: true }), 'late');
    }
    return { kind: 'waiting', for: 'arrangement', occurrence, until: latestFor(newsletter, occurrence), reason };
  }
}

async function publishArranged(
  deps: AppContext,
  newsletter: Newsletter,
  due: DueOccurrence,
): Promise<DueReport | undefined> {
  const { occurrence } = due;
  const { draft, answer } = await deps.approval.checkApproval(newsletter, due);
  const { outcome, chosen } = draft.selection;
  if (answer.kind === 'vetoed') return skip(deps, draft, 'vetoed');
  if (due.isLate) return skip(deps, draft, answer.kind === 'waiting' ? 'unapproved' : 'late');
  if (outcome !== 'issue') return skip(deps, draft, outcome);
  if (answer.kind === 'waiting') {
    const until = latestFor(newsletter, occurrence);
    const posts = chosen.map(({ post }) => post.title);
    return { kind: 'waiting', for: 'approval', occurrence, until, reason: answer.reason, posts };
  }
  const frozen = await deps.issues.freezeDraft(draft);
  return frozen.kind === 'stale' ? undefined : frozen;
}

function latestFor({ maxLatenessMs }: Newsletter, occurrence: Date): Date {
  return new Date(occurrence.getTime() + maxLatenessMs);
}

const SKIPS = {
  'nothing-new': { outcome: 'nothing-new', why: 'min-posts' },
  'too-few': { outcome: 'nothing-new', why: 'min-posts' },
  late: { outcome: 'skipped(late)', why: 'skipped' },
  unapproved: { outcome: 'skipped(unapproved)', why: 'skipped' },
  vetoed: { outcome: 'skipped(vetoed)', why: 'vetoed' },
} as const;

/** The occurrence makes no issue: what could have gone out is held over, and the cut-off stays where it was. */
async function skip(deps: AppContext, draft: Draft, kind: keyof typeof SKIPS): Promise<DueReport | undefined> {
  const { newsletter, target, history, selection } = draft;
  const { occurrence, cutoff, earlier = [] } = target;
  const { outcome, why } = SKIPS[kind];
  const recordedAt = deps.clock.now();
  const own = { newsletter: newsletter.id, occurrence, cutoff, outcome, recordedAt };
  // What was too late is no later for having been missed together with others.
  const others: readonly SkippedOccurrence[] =
    kind === 'late'
      ? earlier.map((at) => ({ ...own, occurrence: at, cutoff: at }))
      : mergedInto(newsletter, occurrence, earlier, recordedAt);
  const isRecorded = await record(deps, newsletter, history, [...others, own], outcomesOfSkip(selection, why));
  return isRecorded ? { kind, occurrence } : undefined;
}

async function record(
  deps: AppContext,
  newsletter: Newsletter,
  history: NewsletterHistory,
  skips: readonly SkippedOccurrence[],
  outcomes: readonly PostOutcomeRecord[],
): Promise<boolean> {
  const result = await deps.store.ledger.recordSkips(newsletter.id, skips, outcomes, history.head);
  if (result === 'stale') return false;
  for (const { occurrence, outcome } of skips) {
    deps.log.info('occurrence.passed', { newsletter: newsletter.id, occurrence, outcome });
  }
  return true;
}
