/** How everything stands, for a person and for a monitor: what comes next, what is being sent, what is wrong. */

import type { AppContext } from '../app-context.js';
import type { ApprovalStatus } from '../approval/answer.js';
import { acceptCommand, collectionWaitMs, type Suspicion } from '../domain/collecting.js';
import type { DeliveryCounts, DeliveryState } from '../domain/delivery.js';
import { DELIVERY_STATES } from '../domain/delivery.js';
import type { Issue, SkippedOccurrence } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { PauseReason } from '../domain/pause-reason.js';
import { scheduleWords } from '../domain/schedule-words.js';
import { arrangementTrouble } from '../issue/arrangement.js';
import type { Draft } from '../issue/draft.js';
import { sourceState, sourcesInUse } from './poll-sources.js';

export interface Status {
  readonly now: Date;
  readonly newsletters: readonly NewsletterStatus[];
  readonly issues: readonly IssueStatus[];
  /** Deliveries of the issues that are not done, by state. */
  readonly deliveries: { readonly [state in DeliveryState]: number };
  /** When the oldest issue that still has something to send was frozen. */
  readonly oldestUnsent?: Date;
  /** Messages that a server took, in the latest minute. */
  readonly acceptedPerSecond: number;
  /** At that rate, until nothing is left; absent where nothing is left or nothing goes. */
  readonly secondsLeft?: number;
  readonly sources: readonly SourceStatus[];
  /** What a real send still lacks, for people. */
  readonly missingForSending: readonly string[];
}

export interface NewsletterStatus {
  readonly id: string;
  /** `every Monday at 08:00, Europe/London`. */
  readonly schedule: string;
  readonly next: Date;
  /** How many posts the next issue would have at this moment. */
  readonly posts: number;
  /** What keeps it from being made as it was arranged. */
  readonly trouble?: string;
  /** An occurrence that is due and waits, for a person or for a source. */
  readonly waiting?: Date;
  /** How the issue that waits, or else the next one, stands with its editor; absent where nobody is asked. */
  readonly approval?: Pick<ApprovalStatus, 'occurrence' | 'state' | 'by' | 'at' | 'changed'>;
  readonly lastIssue?: { readonly number: number; readonly occurrence: Date; readonly state: Issue['state'] };
  /** The latest occurrence that made no issue, where it came after the last issue. */
  readonly passed?: Pick<SkippedOccurrence, 'occurrence' | 'outcome'>;
}

export interface IssueStatus {
  readonly newsletter: string;
  readonly issue: number;
  readonly state: Issue['state'];
  readonly frozenAt: Date;
  readonly counts: DeliveryCounts;
  /** Why the program paused it. */
  readonly paused?: PauseReason;
}

export interface SourceStatus {
  readonly name: string;
  /** Absent: never yet. */
  readonly collectedAt?: Date;
  readonly failures: number;
  readonly reason?: string;
  /** When it is read between issues the next time. */
  readonly nextAt?: Date;
  /** Its listing lacks so much that it is not believed yet. */
  readonly suspicion?: {
    readonly since: Date;
    /** How many posts that could be sent are missing, of how many. */
    readonly missing: number;
    readonly of: number;
    /** What a person runs when they are really gone. */
    readonly command: string;
  };
}

/** Reads how everything stands; changes nothing. */
export async function readStatus(deps: AppContext): Promise<Status> {
  const now = deps.clock.now();
  const issues = await openIssues(deps);
  const unsent = issues.filter(({ counts }) => counts.planned + counts.claimed + counts.attempted > 0);
  const oldest = unsent.map(({ frozenAt }) => frozenAt).sort((one, other) => one.getTime() - other.getTime())[0];
  const deliveries = sumOf(issues.map(({ counts }) => counts));
  const acceptedPerSecond = await rateOf(deps, now);
  const left = deliveries.planned + deliveries.claimed + deliveries.attempted;
  const newsletters: NewsletterStatus[] = [];
  for (const newsletter of deps.newsletters.values()) newsletters.push(await newsletterStatus(deps, newsletter, now));
  const sources: SourceStatus[] = [];
  const suspicions = await deps.store.posts.suspicions();
  for (const name of sourcesInUse(deps)) sources.push(await sourceStatus(deps, name, suspicions.get(name)));
  return {
    now,
    newsletters,
    issues,
    deliveries,
    acceptedPerSecond,
    ...(left > 0 && acceptedPerSecond > 0 && { secondsLeft: Math.ceil(left / acceptedPerSecond) }),
    ...(oldest && { oldestUnsent: oldest }),
    sources,
    missingForSending: deps.missingForSending,
  };
}

async function newsletterStatus(deps: AppContext, newsletter: Newsletter, now: Date): Promise<NewsletterStatus> {
  const { ledger } = deps.store;
  const { id, schedule, timezone } = newsletter;
  const history = await ledger.history(id);
  const { due, next } = await deps.issues.schedules.occurrences(newsletter, history, now);
  const { draft, trouble } = await draftNext(deps, newsletter, now);
  const last = history.lastNumber > 0 ? await ledger.issue(id, history.lastNumber) : undefined;
  const passed = (await ledger.skips(id)).at(-1);
  const isAsked = newsletter.approval.kind !== 'none' && trouble === undefined;
  const approval = isAsked ? await approvalStatus(deps, newsletter) : undefined;
  return {
    id,
    schedule: `${scheduleWords(schedule)}, ${timezone}`,
    next,
    posts: draft.selection.verdicts.filter((verdict) => verdict.in || verdict.reason.kind === 'held-over').length,
    ...(trouble !== undefined && { trouble }),
    ...(due && { waiting: due.occurrence }),
    ...(approval && { approval }),
    ...(last && { lastIssue: { number: last.number, occurrence: last.occurrence, state: last.state } }),
    ...(passed &&
      (!last || passed.occurrence > last.occurrence) && {
        passed: { occurrence: passed.occurrence, outcome: passed.outcome },
      }),
  };
}

/** An arrangement that cannot be read is reported, and the posts are counted without it. */
async function draftNext(
  { issues: { nextIssues } }: AppContext,
  newsletter: Newsletter,
  now: Date,
): Promise<{ readonly draft: Draft; readonly trouble?: string }> {
  try {
    return await nextIssues.next(newsletter, now);
  } catch (error) {
    const trouble = arrangementTrouble(error);
    if (trouble === undefined) throw error;
    return { ...(await nextIssues.next(newsletter, now, { unarranged: true })), trouble };
  }
}

async function approvalStatus(deps: AppContext, newsletter: Newsletter): Promise<NewsletterStatus['approval']> {
  const { occurrence, state, by, at, changed } = await deps.approval.read(newsletter);
  return { occurrence, state, ...(by !== undefined && { by }), ...(at && { at }), changed };
}

const RATE_MS = 60_000;

async function rateOf({ store }: AppContext, now: Date): Promise<number> {
  const since = new Date(now.getTime() - RATE_MS);
  let accepted = 0;
  for (const { id } of await store.ledger.openIssues()) accepted += await store.ledger.acceptedSince(id, since);
  return accepted / (RATE_MS / 1000);
}

async function openIssues(deps: AppContext): Promise<readonly IssueStatus[]> {
  const { store } = deps;
  const open: IssueStatus[] = [];
  for (const issue of await store.ledger.unfinishedIssues()) {
    const { newsletter, number, state, frozenAt, id } = issue;
    const paused = await deps.sending.pauseReason(issue);
    const counts = await store.ledger.counts(id);
    open.push({ newsletter, issue: number, state, frozenAt, counts, ...(paused && { paused }) });
  }
  return open;
}

function sumOf(all: readonly DeliveryCounts[]): Status['deliveries'] {
  const sums = DELIVERY_STATES.map((state) => [state, all.reduce((sum, counts) => sum + counts[state], 0)]);
  return Object.fromEntries(sums) as Status['deliveries'];
}

async function sourceStatus(deps: AppContext, name: string, suspicion: Suspicion | undefined): Promise<SourceStatus> {
  const state = await sourceState(deps, name);
  return {
    name,
    ...(state?.collectedAt !== undefined && { collectedAt: new Date(state.collectedAt) }),
    failures: state?.failures ?? 0,
    ...(state && { nextAt: new Date(state.triedAt + collectionWaitMs(name, state)) }),
    ...(state?.reason !== undefined && state.failures > 0 && { reason: state.reason }),
    ...(suspicion && {
      suspicion: {
        since: new Date(suspicion.since),
        missing: suspicion.missing.length,
        of: suspicion.of,
        command: acceptCommand(name),
      },
    }),
  };
}
