/**
 * Sends what the ledger has planned of one issue (rule: states): claim, begin, build, send, settle. It may be killed at
 * any moment and run again; several processes may run it at once.
 */
import { openCount } from '../domain/delivery.js';
import type { Issue } from '../domain/issue.js';
import type { Clock, Log } from '../domain/ports/host.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { Store } from '../domain/ports/storage.js';
import { refuseCopy } from '../issue/refuse-copy.js';
import type { Connections } from './connections.js';
import type { RunJudge } from './judge-run.js';
import type { Leases } from './leases.js';
import type { SendOptions, SendReport, StopReason } from './run.js';

/** While a run waits for deferred deliveries or for other processes, it checks this often whether one of them died. */
const LONGEST_REST_MS = 60_000;

export interface SendPlannedDeps {
  readonly store: Pick<Store, 'copiedAt'> & {
    readonly ledger: Pick<Ledger, 'setState' | 'issue' | 'counts' | 'nextDue' | 'retryUnknown'>;
  };
  readonly leases: Pick<Leases, 'openRun' | 'reclaim' | 'areHeld'>;
  readonly judge: RunJudge;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly log: Log;
}

export type SendPlanned = ReturnType<typeof openSendPlanned>;

export function openSendPlanned({ store, leases, judge, connections, clock, log }: SendPlannedDeps) {
  const { ledger } = store;

  /** Sends what is due of an issue. An issue that is paused stays so. Throws `store.copy`. */
  async function sendPlanned(issue: Issue, options: SendOptions = {}): Promise<SendReport> {
    await refuseCopy(store);
    await ledger.setState(issue.id, ['frozen'], 'sending');
    await leases.reclaim(issue);
    const earlier = await judge.earlierAnswers(issue);
    const { planned: pending } = await ledger.counts(issue.id);
    const held = leases.openRun(issue);
    const run = connections.openRun({ issue, leases: held, options, pending, earlier });
    log.info('issue.sending-started', { newsletter: issue.newsletter, issue: issue.number, pending });
    try {
      do await run.sendDue();
      while (!run.stopped() && (await isMoreToDo(issue, options)));
      await held.release();
    } catch (error) {
      // The first error is the one to report.
      await held.abandon().catch(() => undefined);
      throw error;
    } finally {
      held.end();
    }
    return finish(issue, await whyStopped(issue, run));
  }

  /**
   * Whether the run sends another round: for deliveries that were reclaimed or are resent; and where it waits, for deferred
   * deliveries and for those that other processes hold.
   */
  async function isMoreToDo(issue: Issue, { wait, signal }: SendOptions): Promise<boolean> {
    if ((await leases.reclaim(issue)) > 0) return true;
    if (!wait) return false;
    const due = await ledger.nextDue(issue.id);
    if (!due && !(await leases.areHeld(issue))) return false;
    const restMs = due ? due.getTime() - clock.now().getTime() : LONGEST_REST_MS;
    await clock.sleep(Math.max(0, Math.min(restMs, LONGEST_REST_MS)), signal);
    return true;
  }

  /** Pauses the issue where its refusals call for it, unless a person has paused or cancelled it meanwhile. */
  async function whyStopped(issue: Issue, run: ReturnType<Connections['openRun']>): Promise<StopReason | undefined> {
    const verdict = run.verdict();
    if (!verdict) return run.stopped();
    const state = (await ledger.issue(issue.newsletter, issue.number))?.state;
    if (state === 'paused' || state === 'cancelled') return { kind: state };
    const paused = verdict.kind === 'pause' ? await judge.pause(issue, verdict) : undefined;
    if (!paused) return run.stopped();
    const { scope, reason, advice } = paused;
    return { kind: 'fault', scope, text: advice === undefined ? reason : `${reason} ${advice}`, paused };
  }

  async function finish(issue: Issue, stopped: StopReason | undefined): Promise<SendReport> {
    // A run that was stopped sent no further round: a delivery with an unknown outcome that is to be resent keeps the issue open.
    await ledger.retryUnknown(issue.id);
    const counts = await ledger.counts(issue.id);
    if (openCount(counts) === 0) await ledger.setState(issue.id, ['sending'], 'done');
    const after = (await ledger.issue(issue.newsletter, issue.number)) ?? issue;
    const { accepted, rejected, unknown, skipped, deferred } = counts;
    const fields = {
      newsletter: issue.newsletter,
      issue: issue.number,
      accepted,
      rejected,
      unknown,
      skipped,
      deferred,
    };
    if (stopped?.kind === 'fault') log.error('issue.sending-stopped', { ...fields, reason: stopped.text });
    else log.info('issue.sending-ended', { ...fields, state: after.state });
    return { issue: after, counts, ...(stopped && { stopped }) };
  }

  return sendPlanned;
}
