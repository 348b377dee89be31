/** The status for people and monitors: what comes next, what is being sent, what is wrong. */
import type { ApprovalStatus } from '../approval/answer.js';
import type { Approval } from '../approval/index.js';
import { acceptCommand, collectionWaitMs, type Suspicion } from '../domain/collecting.js';
import { byState, type DeliveryCounts, type DeliveryState, openCount } from '../domain/delivery.js';
import type { Issue, SkippedOccurrence } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { NewsletterQuestion, OpenQuestion, SourceQuestion } from '../domain/open-question.js';
import type { PauseReason } from '../domain/pause-reason.js';
import type { DomainFeedback, FeedbackStore, Tie } from '../domain/ports/feedback-store.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { PostStore } from '../domain/ports/posts.js';
import type { SharedState } from '../domain/ports/storage.js';
import { scheduleWords } from '../domain/schedule-words.js';
import type { ServerLimits } from '../domain/server-limits.js';
import { arrangementTrouble } from '../issue/arrangement.js';
import type { Draft } from '../issue/draft.js';
import type { Issues } from '../issue/index.js';
import { leftBehind, leftBehindText } from '../issue/left-behind.js';
import type { Sending } from '../sending/index.js';
import { readSourceState, sourcesInUse, TOLD_AT } from './poll-sources.js';
import type { ClockWatch } from './watch-clock.js';

export interface Status {
  readonly now: Date;
  /** What only a person can settle. */
  readonly questions: readonly OpenQuestion[];
  readonly newsletters: readonly NewsletterStatus[];
  readonly issues: readonly IssueStatus[];
  /** Deliveries of the issues that are not done, by state. */
  readonly deliveries: { readonly [state in DeliveryState]: number };
  /** When the oldest issue that still has something to send was frozen. */
  readonly oldestUnsent?: Date;
  /** Messages accepted per second, over the latest minute. */
  readonly acceptedPerSecond: number;
  /** Until everything is sent at that rate; absent where nothing is left or nothing is accepted. */
  readonly secondsLeft?: number;
  /** What came back in the latest 30 days. */
  readonly feedback: {
    readonly ties: { readonly [tie in Tie]: number };
    /** By receiving domain, most first. */
    readonly domains: readonly DomainFeedback[];
  };
  /** What was learned of the mail servers used lately. */
  readonly serverLimits: readonly ServerLimits[];
  readonly sources: readonly SourceStatus[];
  /** What is missing for a real send, for people. */
  readonly missingForSending: readonly string[];
}

export interface NewsletterStatus {
  readonly id: string;
  readonly timezone: string;
  /** `every Monday at 08:00, Europe/London`. */
  readonly schedule: string;
  readonly next: Date;
  /** How many posts the next issue would have now. */
  readonly posts: number;
  /** Why its arrangement cannot be read. */
  readonly trouble?: string;
  /** An occurrence that is due and waits for a person or a source. */
  readonly waiting?: Date;
  /** Whether the issue that waits, or else the next one, is approved; absent for `approval: none`. */
  readonly approval?: Pick<ApprovalStatus, 'occurrence' | 'state' | 'by' | 'at' | 'changed'>;
  readonly lastIssue?: { readonly number: number; readonly occurrence: Date; readonly state: Issue['state'] };
  /** The latest occurrence that made no issue, if it is later than the last issue. */
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
  /** Absent: never. */
  readonly collectedAt?: Date;
  readonly failures: number;
  readonly reason?: string;
  /** When it is read next between issues. */
  readonly nextAt?: Date;
  /** Its listing lacks so many posts that none is withdrawn yet (rule: withdrawn). */
  readonly suspicion?: {
    readonly since: Date;
    /** How many of the posts that could be sent are missing, and of how many. */
    readonly missing: number;
    readonly of: number;
    /** What a person runs if they are really gone. */
    readonly command: string;
  };
}

export interface StatusDeps {
  readonly newsletters: ReadonlyMap<string, Newsletter>;
  readonly issues: Pick<Issues, 'schedules' | 'nextIssues'>;
  readonly approval: Pick<Approval, 'read'>;
  readonly sending: Pick<Sending, 'pauseReason' | 'questions' | 'serverLimits'>;
  readonly store: {
    readonly ledger: Pick<
      Ledger,
      'history' | 'issues' | 'issue' | 'skips' | 'unfinishedIssues' | 'openIssues' | 'counts' | 'acceptedSince'
    >;
    readonly posts: Pick<PostStore, 'suspicions'>;
    readonly feedback: Pick<FeedbackStore, 'cameBackSince' | 'ties'>;
    readonly shared: Pick<SharedState, 'read'>;
  };
  readonly missingForSending: readonly string[];
  readonly watch: Pick<ClockWatch, 'doubtedClock'>;
}

const RATE_MS = 60_000;
const FEEDBACK_MS = 30 * 24 * 60 * 60 * 1000;

export function openStatus(deps: StatusDeps) {
  const { newsletters, issues, approval, sending, missingForSending, watch } = deps;
  const { ledger, posts, shared, feedback } = deps.store;

  /** Reads the status of everything; changes nothing. */
  async function readStatus(now: Date): Promise<Status> {
    const unfinished = await unfinishedIssues();
    const unsent = unfinished.filter(({ counts }) => openCount(counts) > 0);
    const oldest = unsent.map(({ frozenAt }) => frozenAt).sort((one, other) => one.getTime() - other.getTime())[0];
    const deliveries = sumOf(unfinished.map(({ counts }) => counts));
    const acceptedPerSecond = await rate(now);
    const left = openCount(deliveries);
    const ofNewsletters: NewsletterStatus[] = [];
    for (const newsletter of newsletters.values()) ofNewsletters.push(await newsletterStatus(newsletter, now));
    const sources: SourceStatus[] = [];
    const suspicions = await posts.suspicions();
    for (const name of sourcesInUse({ newsletters })) sources.push(await sourceStatus(name, suspicions.get(name)));
    const ofSending = await sending.questions(now);
    const doubt = await watch.doubtedClock();
    const isSending = unsent.length > ofSending.filter(({ kind }) => kind === 'not-being-sent').length;
    return {
      now,
      questions: [
        ...(doubt ? [{ kind: 'clock' as const, ...doubt }] : []),
        ...ofSending,
        // By a clock that is doubted, issues seem to be due.
        ...(doubt ? [] : ofNewsletters.flatMap(newsletterQuestions)),
        ...(await renamedQuestions()),
        ...sources.flatMap(sourceQuestions),
      ],
      newsletters: ofNewsletters,
      issues: unfinished,
      deliveries,
      acceptedPerSecond,
      ...(isSending && left > 0 && acceptedPerSecond > 0 && { secondsLeft: Math.ceil(left / acceptedPerSecond) }),
      ...(oldest && { oldestUnsent: oldest }),
      feedback: await cameBack(now),
      serverLimits: await sending.serverLimits(),
      sources,
      missingForSending,
    };
  }

  async function cameBack(now: Date): Promise<Status['feedback']> {
    const since = new Date(now.getTime() - FEEDBACK_MS);
    return { ties: await feedback.ties(since), domains: await feedback.cameBackSince(since) };
  }

  async function renamedQuestions(): Promise<readonly NewsletterQuestion[]> {
    const asked: NewsletterQuestion[] = [];
    for (const id of newsletters.keys())
      for (const each of await leftBehind({ newsletters, ledger }, id))
        asked.push({ kind: 'renamed', newsletter: id, text: leftBehindText(id, each) });
    return asked;
  }

  async function newsletterStatus(newsletter: Newsletter, now: Date): Promise<NewsletterStatus> {
    const { id, schedule, timezone } = newsletter;
    const history = await ledger.history(id);
    const { due, next } = await issues.schedules.occurrences(newsletter, history, now);
    const { draft, trouble } = await draftNext(newsletter, now);
    const last = history.lastNumber > 0 ? await ledger.issue(id, history.lastNumber) : undefined;
    const passed = (await ledger.skips(id)).at(-1);
    const isAsked = newsletter.approval.kind !== 'none' && trouble === undefined;
    const answer = isAsked ? await approvalStatus(newsletter, now) : undefined;
    return {
      id,
      timezone,
      schedule: `${scheduleWords(schedule)}, ${timezone}`,
      next,
      posts: draft.selection.verdicts.filter((verdict) => verdict.in || verdict.reason.kind === 'held-over').length,
      ...(trouble !== undefined && { trouble }),
      ...(due && { waiting: due.occurrence }),
      ...(answer && { approval: answer }),
      ...(last && { lastIssue: { number: last.number, occurrence: last.occurrence, state: last.state } }),
      ...(passed &&
        (!last || passed.occurrence > last.occurrence) && {
          passed: { occurrence: passed.occurrence, outcome: passed.outcome },
        }),
    };
  }

  /** An arrangement that cannot be read is reported, and the posts are counted without it. */
  async function draftNext(
    newsletter: Newsletter,
    now: Date,
  ): Promise<{ readonly draft: Draft; readonly trouble?: string }> {
    const { nextIssues } = issues;
    try {
      return await nextIssues.next(newsletter, now);
    } catch (error) {
      const trouble = arrangementTrouble(error);
      if (trouble === undefined) throw error;
      return { ...(await nextIssues.next(newsletter, now, { unarranged: true })), trouble };
    }
  }

  async function approvalStatus(newsletter: Newsletter, now: Date): Promise<NewsletterStatus['approval']> {
    const { occurrence, state, by, at, changed } = await approval.read(newsletter, now);
    return { occurrence, state, ...(by !== undefined && { by }), ...(at && { at }), changed };
  }

  async function rate(now: Date): Promise<number> {
    const since = new Date(now.getTime() - RATE_MS);
    let accepted = 0;
    for (const { id } of await ledger.openIssues()) accepted += await ledger.acceptedSince(id, since);
    return accepted / (RATE_MS / 1000);
  }

  async function unfinishedIssues(): Promise<readonly IssueStatus[]> {
    const unfinished: IssueStatus[] = [];
    for (const issue of await ledger.unfinishedIssues()) {
      const { newsletter, number, state, frozenAt, id } = issue;
      const paused = await sending.pauseReason(issue);
      const counts = await ledger.counts(id);
      unfinished.push({ newsletter, issue: number, state, frozenAt, counts, ...(paused && { paused }) });
    }
    return unfinished;
  }

  async function sourceStatus(name: string, suspicion: Suspicion | undefined): Promise<SourceStatus> {
    const state = await readSourceState(shared, name);
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

  return { status: readStatus };
}

function newsletterQuestions({ id, waiting, trouble, approval }: NewsletterStatus): readonly NewsletterQuestion[] {
  if (trouble !== undefined) return [{ kind: 'arrangement', newsletter: id, text: trouble }];
  if (!waiting || approval?.state === 'approved') return [];
  const text = approval
    ? `an issue is due and waits for approval. Approve it with \`gazette issue approve --newsletter ${id}\`, or stop it with \`gazette issue veto --newsletter ${id}\`.`
    : 'an issue is due and has not been made. Start `gazette serve`, or run `gazette send`.';
  return [{ kind: 'waiting', newsletter: id, occurrence: waiting, text }];
}

/** A single failure is often temporary. */
function sourceQuestions({ name, failures, reason, suspicion }: SourceStatus): readonly SourceQuestion[] {
  return [
    ...(failures < TOLD_AT
      ? []
      : [{ kind: 'source-failing' as const, source: name, failures, text: reason ?? 'no reason is known.' }]),
    ...(suspicion
      ? [{ kind: 'posts-missing' as const, source: name, missing: suspicion.missing, of: suspicion.of }]
      : []),
  ];
}

function sumOf(all: readonly DeliveryCounts[]): Status['deliveries'] {
  return byState((state) => all.reduce((sum, counts) => sum + counts[state], 0));
}
