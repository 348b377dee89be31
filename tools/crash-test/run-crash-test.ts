/**
 * The crash test: an issue is sent by real processes that are killed at random, to a server full of faults. At the end
 * the ledger is compared with what the server took (rule: once).
 */
import { randomInt } from 'node:crypto';
import { type AppContext, newsletterNamed } from '../../src/app-context.js';
import { type DeliveryCounts, isSumRight, openCount } from '../../src/domain/delivery.js';
import type { Issue } from '../../src/domain/issue.js';
import { systemClock } from '../../src/platform/clock.js';
import type { SendOptions } from '../../src/sending/run.js';
import { seededRandom } from '../support/seeded-random.js';
import { type FaultyInbox, openFaultyInbox } from './faulty-inbox.js';
import { killSenders, throwIfStopped } from './kill-senders.js';
import { CONNECTIONS, type CrashWorkspace, openCrashWorkspace } from './open-workspace.js';
import { type LedgerRow, type Reconciliation, reconcile } from './reconcile.js';

export interface CrashTestRequest {
  readonly readers: number;
  readonly kills: number;
  /** Repeats the faults of an earlier test; when a kill happens is left to the host. */
  readonly seed?: number | undefined;
  /** Only `DATABASE_URL` and what a process needs to run at all is taken from it. */
  readonly env: { readonly [name: string]: string | undefined };
  readonly signal?: AbortSignal;
  onProgress?(progress: CrashTestProgress): void;
}

export interface CrashTestProgress {
  readonly kills: number;
  readonly ofKills: number;
  /** Messages the server took. */
  readonly taken: number;
  readonly readers: number;
}

export interface CrashTestReport extends Reconciliation {
  /** No reader lost, nothing repeated without a doubt, nothing unexplained, the sum right, every reader settled. */
  readonly ok: boolean;
  readonly database: 'sqlite' | 'postgres';
  readonly readers: number;
  readonly kills: number;
  readonly seed: number;
  /** Processes that were started. */
  readonly senders: number;
  /** Rows that one killed sender left begun and not settled, at most. */
  readonly mostUnsettled: number;
  /** Messages the server took. */
  readonly taken: number;
  /** What the ledger says at the end. */
  readonly counts: DeliveryCounts;
  readonly faults: { readonly [fault: string]: number };
  /** What went wrong with the test itself or with a sender that was not killed, a line each. */
  readonly failures: readonly string[];
}

/** How often the last run is begun again before what is still open counts as a failure. */
const MOST_LAST_RUNS = 5;
/** Two for each connection: one on the wire and one ready behind it. */
const MOST_UNSETTLED = 2 * CONNECTIONS;

/** Runs the test in a workspace and a database of its own, and removes both. */
export async function runCrashTest(request: CrashTestRequest): Promise<CrashTestReport> {
  const { seed = randomInt(1_000_000) } = request;
  const server = await openFaultyInbox(seed);
  try {
    const workspace = await openCrashWorkspace({ smtpUrl: server.url, env: request.env });
    try {
      return await crash(workspace, server, { ...request, seed });
    } finally {
      await workspace.close();
    }
  } finally {
    await server.close();
  }
}

async function crash(
  { deps, database, startSender }: CrashWorkspace,
  server: FaultyInbox,
  { kills, readers, seed, signal, onProgress }: CrashTestRequest & { readonly seed: number },
): Promise<CrashTestReport> {
  const { ledger } = deps.store;
  const tell = (killed: number) => onProgress?.({ kills: killed, ofKills: kills, taken: server.taken.length, readers });
  const issue = await freezeFor(deps, readers);
  const tools = { ledger, server, startSender, clock: systemClock, random: seededRandom(seed) };
  const storm = await killSenders(tools, issue, { kills, signal, onKill: tell });
  // Only the last run has a clock that leaps over what a slower pace costs.
  server.askForLess();
  const last = { onProgress: () => tell(storm.kills), ...(signal && { signal }) };
  const failures = [...storm.failures, ...(await finishIssue(deps, issue, last))];
  await server.close();

  const mayRepeat = new Set([...storm.mayRepeat, ...server.withheld]);
  const reconciled = reconcile(await rowsOf(deps, issue), server.taken, mayRepeat);
  const counts = await ledger.counts(issue.id);
  if (storm.kills < kills) failures.push(`Only ${storm.kills} of ${kills} kills found a sender alive.`);
  if (storm.mostUnsettled > MOST_UNSETTLED) failures.push(`One sender left ${storm.mostUnsettled} rows unsettled.`);
  if (!isSumRight(counts) || counts.all !== readers) failures.push('The sum of the ledger is wrong.');
  const { lost, repeated, allowed, unexplained } = reconciled;
  return {
    ok: lost === 0 && repeated <= allowed && unexplained === 0 && failures.length === 0,
    database,
    readers,
    kills: storm.kills,
    seed,
    ...reconciled,
    senders: storm.senders,
    mostUnsettled: storm.mostUnsettled,
    taken: server.taken.length,
    counts,
    faults: Object.fromEntries([...server.faults].sort()),
    failures,
  };
}

async function freezeFor(deps: AppContext, readers: number): Promise<Issue> {
  const newsletter = newsletterNamed(deps, undefined);
  const lines = Array.from({ length: readers }, (_, index) => `reader-${index + 1}@example.org`);
  const source = new TextEncoder().encode(['email', ...lines].join('\n'));
  await deps.readers.importSubscribers({ newsletter, source, consentSource: 'crash test' });
  const frozen = await deps.issues.freezeNext({ newsletter, confirm: async () => true });
  if ('issue' in frozen) return frozen.issue;
  throw new Error(`The crash test has no issue to send: ${frozen.kind}.`);
}

/** Finishes the issue without a kill, deferred deliveries included; gives what kept it from that. */
async function finishIssue(deps: AppContext, issue: Issue, options: SendOptions): Promise<readonly string[]> {
  let why = '';
  for (let run = 0; run < MOST_LAST_RUNS; run += 1) {
    const { counts, stopped } = await deps.sending.sendPlanned(issue, { ...options, wait: true });
    throwIfStopped(options.signal);
    const open = openCount(counts);
    if (open === 0) return [];
    why = `${open} deliveries stayed open${stopped?.kind === 'fault' ? `: ${stopped.text}` : '.'}`;
  }
  return [why];
}

async function rowsOf(deps: AppContext, issue: Issue): Promise<readonly LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for await (const { address, state, attempts, unknownOutcomes } of deps.store.ledger.deliveries(issue.id)) {
    rows.push({ address, state, attempts, unknownOutcomes });
  }
  return rows;
}
