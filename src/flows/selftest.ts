/**
 * The crash test: an issue goes out through real processes that are killed at random to a server full of faults, and
 * at the end the ledger is held against what the server took (laws §4.4).
 */
import { type DeliveryCounts, isSumRight } from '../domain/delivery.js';
import type { Issue } from '../domain/issue.js';
import { manualOccasion } from './draft-issue.js';
import { freezeIssue } from './freeze-issue.js';
import { type House, newsletterNamed } from './house.js';
import { importSubscribers } from './import-subscribers.js';
import { killSenders, type StormTools, throwIfStopped } from './kill-senders.js';
import { type LedgerRow, type Reconciliation, reconcile, type TakenMessage } from './reconcile.js';
import { type SendOptions, sendPlanned } from './send-planned.js';

export interface SelftestTools extends Pick<StormTools, 'startSender' | 'clock' | 'random'> {
  /** Over a workspace of its own with a post to send; its clock leaps over long waits. */
  readonly house: House;
  readonly server: FaultyServer;
  /** What `random` and the server's faults come from. */
  readonly seed: number;
}

export interface FaultyServer {
  /** In the order they were taken. */
  readonly taken: readonly TakenMessage[];
  /** Recipients whose message was taken and whose sender was not told. */
  readonly withheld: ReadonlySet<string>;
  /** How often each fault has struck. */
  readonly faults: ReadonlyMap<string, number>;
  untilTaken(count: number): Promise<void>;
  /** From this moment the server also says 421, which slows senders down for longer than anybody watches. */
  askForLess(): void;
  close(): Promise<void>;
}

export interface SelftestRequest {
  readonly readers: number;
  readonly kills: number;
  readonly signal?: AbortSignal;
  onProgress?(progress: SelftestProgress): void;
}

export interface SelftestProgress {
  readonly kills: number;
  readonly ofKills: number;
  /** Messages the server took. */
  readonly taken: number;
  readonly readers: number;
}

export interface SelftestReport extends Reconciliation {
  /** Nobody lost, nothing repeated without a doubt, nothing unexplained, the sum right, every reader settled. */
  readonly ok: boolean;
  readonly readers: number;
  readonly kills: number;
  /** Repeats the faults; when a kill falls is left to the host. */
  readonly seed: number;
  /** Processes that were started. */
  readonly senders: number;
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

export async function runSelftest(tools: SelftestTools, request: SelftestRequest): Promise<SelftestReport> {
  const { house, server } = tools;
  const { ledger } = house.store;
  const tell = (kills: number) =>
    request.onProgress?.({ kills, ofKills: request.kills, taken: server.taken.length, readers: request.readers });
  const issue = await freezeFor(house, request.readers);
  const storm = await killSenders({ ...tools, ledger }, issue, {
    kills: request.kills,
    signal: request.signal,
    onKill: tell,
  });
  // Only the last run has a clock that leaps over what a slower pace costs.
  server.askForLess();
  const { signal } = request;
  const last = { onProgress: () => tell(storm.kills), ...(signal && { signal }) };
  const failures = [...storm.failures, ...(await finishIssue(house, issue, last))];
  await server.close();

  const inDoubt = new Set([...storm.inDoubt, ...server.withheld]);
  const reconciled = reconcile(await rowsOf(house, issue), server.taken, inDoubt);
  const counts = await ledger.counts(issue.id);
  if (storm.kills < request.kills) failures.push(`Only ${storm.kills} of ${request.kills} kills found a sender alive.`);
  if (!isSumRight(counts) || counts.all !== request.readers) failures.push('The sum of the ledger is wrong.');
  const { lost, repeated, allowed, unexplained } = reconciled;
  return {
    ok: lost === 0 && repeated <= allowed && unexplained === 0 && failures.length === 0,
    readers: request.readers,
    kills: storm.kills,
    seed: tools.seed,
    ...reconciled,
    senders: storm.senders,
    taken: server.taken.length,
    counts,
    faults: Object.fromEntries([...server.faults].sort()),
    failures,
  };
}

async function freezeFor(house: House, readers: number): Promise<Issue> {
  const newsletter = newsletterNamed(house, undefined);
  const lines = Array.from({ length: readers }, (_, index) => `reader-${index + 1}@example.org`);
  const source = new TextEncoder().encode(['email', ...lines].join('\n'));
  await importSubscribers(house, { newsletter, source, consentSource: 'self-test' });
  const occasion = manualOccasion(house.clock.now());
  const frozen = await freezeIssue(house, { newsletter, occasion, confirm: async () => true });
  if ('issue' in frozen) return frozen.issue;
  throw new Error(`The self-test has no issue to send: ${frozen.kind}.`);
}

/** Finishes the issue with nobody killed, deferred deliveries included; gives what kept it from that. */
async function finishIssue(house: House, issue: Issue, options: SendOptions): Promise<readonly string[]> {
  let why = '';
  for (let run = 0; run < MOST_LAST_RUNS; run += 1) {
    const { counts, stopped } = await sendPlanned(house, issue, { ...options, wait: true });
    throwIfStopped(options.signal);
    const open = counts.planned + counts.claimed + counts.attempted;
    if (open === 0) return [];
    why = `${open} deliveries stayed open${stopped?.kind === 'fault' ? `: ${stopped.text}` : '.'}`;
  }
  return [why];
}

async function rowsOf(house: House, issue: Issue): Promise<readonly LedgerRow[]> {
  const rows: LedgerRow[] = [];
  for await (const { address, state, attempts, doubts } of house.store.ledger.deliveries(issue.id)) {
    rows.push({ address, state, attempts, doubts });
  }
  return rows;
}
