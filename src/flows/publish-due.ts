/**
 * Makes what is due of one newsletter (laws §3.1–3.4, §3.6): every occurrence of its schedule gets exactly one record,
 * however often this runs, in however many processes, whatever the clock did in between. It sends nothing.
 */
import { GazetteError } from '../domain/errors.js';
import type { Issue, SkippedOccurrence } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import { type DueOccurrence, dueOccurrences } from '../domain/occurrences.js';
import type { PostFate, Standing } from '../domain/ports.js';
import { fatesOfSkip } from '../select/fates.js';
import { type CollectOptions, type CollectReport, collectPosts } from './collect-posts.js';
import { arrangementTrouble } from './draft-arrangement.js';
import { type Draft, draftCandidates } from './draft-issue.js';
import { followSchedule } from './followed-since.js';
import { freezeDraft, mergedInto } from './freeze-issue.js';
import type { House } from './house.js';
import { type AheadReport, isClosed, judgeOccurrence, lookAhead } from './judge-occurrence.js';
import { refuseCopy } from './refuse-copy.js';
import { refuseUnready } from './send-issue.js';
import { tellOfSuspicions } from './tell-editor.js';

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

/** @throws GazetteError `send.not-ready` when something a real send needs is missing (laws §5.1) */
export async function publishDue(
  house: House,
  newsletter: Newsletter,
  options: CollectOptions = {},
): Promise<DueReport> {
  await refuseCopy(house);
  const since = await followSchedule(house, newsletter);
  let collected: CollectReport | undefined;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const standing = await house.store.ledger.standing(newsletter.id);
    const now = house.clock.now();
    const { covered, due, next } = dueOccurrences({ calendar: house.calendar, newsletter, standing, since, now });
    if (covered.length > 0) {
      const into = standing.previousOccurrence ?? now;
      await record(house, newsletter, standing, mergedInto(newsletter, into, covered, now), []);
      continue;
    }
    if (!due) {
      const ahead = await lookAhead(house, newsletter, next);
      return { kind: 'nothing-due', next, ...(ahead && { ahead }) };
    }
    if (!due.isLate) {
      refuseUnready(house, newsletter);
      const collecting = collected ?? (await collectInTime(house, newsletter, due, options));
      if ('kind' in collecting) return collecting;
      collected = collecting;
    }
    const report = await publishOccurrence(house, newsletter, standing, due);
    if (report) return report;
  }
  throw new GazetteError('issue.state', `The records of “${newsletter.id}” change all the time.`);
}

/** Reads the sources, or says until when the occurrence waits for one that fails. */
async function collectInTime(
  house: House,
  newsletter: Newsletter,
  { occurrence }: DueOccurrence,
  options: CollectOptions,
): Promise<CollectReport | Extract<DueReport, { kind: 'waiting' }>> {
  const policy = newsletter.onSourceFailure;
  const waitMs = policy.kind === 'wait' ? policy.ms : newsletter.maxLatenessMs;
  const until = new Date(occurrence.getTime() + waitMs);
  // What is approved is known: a source that fails keeps it from nobody.
  const isWaitOver = policy.kind === 'wait' && house.clock.now() >= until;
  const goesWithout = isWaitOver || (await isClosed(house, newsletter, occurrence));
  const asked: Newsletter = goesWithout ? { ...newsletter, onSourceFailure: { kind: 'send-without' } } : newsletter;
  try {
    const report = await collectPosts(house, house.store, asked, options);
    await tellOfSuspicions(house, report.suspicions);
    return report;
  } catch (error) {
    if (!(error instanceof GazetteError) || !error.code.startsWith('source.')) throw error;
    return { kind: 'waiting', for: 'source', occurrence, until, reason: error.message };
  }
}

/** One try at one occurrence; `undefined` when somebody else wrote a record meanwhile. */
async function publishOccurrence(
  house: House,
  newsletter: Newsletter,
  standing: Standing,
  due: DueOccurrence,
): Promise<DueReport | undefined> {
  try {
    return await publishArranged(house, newsletter, standing, due);
  } catch (error) {
    const reason = arrangementTrouble(error);
    if (reason === undefined) throw error;
    const { occurrence, earlier } = due;
    if (due.isLate) {
      const occasion = { occurrence, cutoff: occurrence, manual: false, earlier, unarranged: true } as const;
      return skip(house, await draftCandidates(house, newsletter, occasion, standing), 'late');
    }
    return { kind: 'waiting', for: 'arrangement', occurrence, until: latestFor(newsletter, occurrence), reason };
  }
}

async function publishArranged(
  house: House,
  newsletter: Newsletter,
  standing: Standing,
  due: DueOccurrence,
): Promise<DueReport | undefined> {
  const { occurrence } = due;
  const { draft, answer } = await judgeOccurrence(house, newsletter, standing, due);
  const { outcome, chosen } = draft.selection;
  if (answer.kind === 'vetoed') return skip(house, draft, 'vetoed');
  if (due.isLate) return skip(house, draft, answer.kind === 'waiting' ? 'unapproved' : 'late');
  if (outcome !== 'issue') return skip(house, draft, outcome);
  if (answer.kind === 'waiting') {
    const until = latestFor(newsletter, occurrence);
    const posts = chosen.map(({ post }) => post.title);
    return { kind: 'waiting', for: 'approval', occurrence, until, reason: answer.reason, posts };
  }
  const frozen = await freezeDraft(house, draft);
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
async function skip(house: House, draft: Draft, kind: keyof typeof SKIPS): Promise<DueReport | undefined> {
  const { newsletter, occasion, standing, selection } = draft;
  const { occurrence, cutoff, earlier = [] } = occasion;
  const { outcome, why } = SKIPS[kind];
  const recordedAt = house.clock.now();
  const own = { newsletter: newsletter.id, occurrence, cutoff, outcome, recordedAt };
  // What was too late is no later for having been missed together with others.
  const others: readonly SkippedOccurrence[] =
    kind === 'late'
      ? earlier.map((at) => ({ ...own, occurrence: at, cutoff: at }))
      : mergedInto(newsletter, occurrence, earlier, recordedAt);
  const isRecorded = await record(house, newsletter, standing, [...others, own], fatesOfSkip(selection, why));
  return isRecorded ? { kind, occurrence } : undefined;
}

async function record(
  house: House,
  newsletter: Newsletter,
  standing: Standing,
  skips: readonly SkippedOccurrence[],
  fates: readonly PostFate[],
): Promise<boolean> {
  const result = await house.store.ledger.recordSkips(newsletter.id, skips, fates, standing.head);
  if (result === 'stale') return false;
  for (const { occurrence, outcome } of skips) {
    house.log.info('occurrence.passed', { newsletter: newsletter.id, occurrence, outcome });
  }
  return true;
}
