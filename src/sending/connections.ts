/** The connections of one run: each sends one message at a time, and all take deliveries from one queue. */
import type { BegunDelivery } from '../domain/delivery.js';
import type { Issue } from '../domain/issue.js';
import type { BeginResult, Settlement } from '../domain/ports/deliveries.js';
import type { Clock } from '../domain/ports/host.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { MailBuilder, MailConnection, Message, RateLimit, Transport } from '../domain/ports/mail.js';
import type { RefusalRecord } from '../domain/refusals.js';
import { asksForLess, type Outcome } from '../domain/reply.js';
import { type ConnectionAttempts, openConnectionAttempts } from './connection-attempts.js';
import type { ConnectionSlot, ConnectionSlots, RunSlots } from './connection-slots.js';
import type { DeliveryQueues } from './delivery-queue.js';
import { keptEditions } from './kept-editions.js';
import type { RunLeases } from './leases.js';
import { openAttemptRecorder } from './record-attempts.js';
import type { SendOptions, SendProgress } from './run.js';
import { openRunControl } from './run-control.js';

export interface ConnectionsDeps {
  readonly ledger: Pick<Ledger, 'exchange' | 'edition'>;
  readonly queues: DeliveryQueues;
  readonly mailBuilder: MailBuilder;
  transport(): Transport;
  rateLimit(): Pick<RateLimit, 'slow' | 'accepted'>;
  readonly slots: ConnectionSlots;
  readonly clock: Clock;
}

export interface RunRequest {
  readonly issue: Issue;
  readonly leases: Omit<RunLeases, 'abandon' | 'end'>;
  readonly options: SendOptions;
  /** How many deliveries are planned. */
  readonly pending: number;
  readonly earlier: RefusalRecord;
}

export type Connections = ReturnType<typeof openConnections>;

export function openConnections(deps: ConnectionsDeps) {
  const { ledger, queues, mailBuilder, slots, clock } = deps;
  return { openRun };

  function openRun({ issue, leases, options, pending, earlier }: RunRequest) {
    const { signal, wait = false } = options;
    const transport = deps.transport();
    const rateLimit = deps.rateLimit();
    const { connections } = transport;
    let runSlots: RunSlots | undefined;
    let isNothingDue = false;
    const control = openRunControl({ earlier, connections, sharing: () => runSlots?.held() ?? connections, wait });
    const queue = queues.open({ issue, leases, connections, control, signal });
    const recorder = openAttemptRecorder(ledger, leases.attemptContext);
    const progress = openProgress({ issue, pending }, options);
    const editionOf = keptEditions(ledger);

    /** Sends until nothing is due any more, or the run has stopped. */
    async function sendDue(): Promise<void> {
      isNothingDue = false;
      const opened = await slots.openRun(() => isNothingDue || control.stopped() !== undefined);
      runSlots = opened;
      const workers = Array.from({ length: connections }, () => work(transport.open(), opened));
      const results = await Promise.allSettled(workers);
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
      await opened.keep();
    }

    /** Settles each attempt of a connection no later than the next but one begins: so few are unsettled after a crash (rule: once). */
    async function work(connection: MailConnection, { open, wake }: RunSlots): Promise<void> {
      const slot = open();
      const attempts = openConnectionAttempts({ queue, recorder, giveBack: leases.giveBack, clock });
      try {
        while ((await slot.take()) && (await sendNext(connection, attempts, slot)));
      } catch (error) {
        control.stop({ kind: 'fault', scope: 'program', text: String(error) });
        // One more try to write down what the server replied; the first error is the one to report.
        await attempts.settle().catch(() => undefined);
        await attempts.dropBehind().catch(() => undefined);
        throw error;
      } finally {
        isNothingDue = true;
        await connection.close();
        slot.leave();
        wake();
      }
    }

    /** Sends one message; false when none is due any more, or the run has stopped. */
    async function sendNext(
      connection: MailConnection,
      attempts: ConnectionAttempts,
      slot: ConnectionSlot,
    ): Promise<boolean> {
      const begun = (await begunBehind(attempts)) ?? (await attempts.begin());
      if (!begun) return false;
      if (begun.kind === 'skipped') progress.count('skipped');
      if (begun.kind === 'begun') {
        if (queue.mayRunAhead()) attempts.beginBehind();
        const begunAt = clock.now();
        const settlement = await send(connection, begun.delivery);
        attempts.settleWithNext(settlement);
        control.leaveWire();
        const { outcome } = settlement;
        if (outcome.kind === 'accepted') rateLimit.accepted(settlement.at);
        if (asksForLess(outcome)) await rateLimit.slow(settlement.at, begunAt);
        if (await slot.learn(outcome)) await setAside(connection, attempts);
        else if (!settlement.ofRow) await restAfter(outcome, attempts);
      } else {
        control.leaveWire();
      }
      return true;
    }

    /** The delivery that was begun behind the last message, once there is room for it on the wire. */
    async function begunBehind(attempts: ConnectionAttempts): Promise<BeginResult | undefined> {
      const begun = await attempts.begunBehind();
      if (!begun) return undefined;
      if (signal?.aborted) control.stop({ kind: 'signal' });
      if (await control.enterWire()) return begun;
      if (begun.kind === 'begun') await attempts.giveBack(begun.delivery);
      return undefined;
    }

    /** Closes a connection that the server does not allow at present; its deliveries go to the others. */
    async function setAside(connection: MailConnection, attempts: ConnectionAttempts): Promise<void> {
      await attempts.dropBehind();
      await attempts.settle();
      await connection.close();
    }

    async function restAfter(outcome: Outcome, attempts: ConnectionAttempts): Promise<void> {
      const restMs = control.restAfter(outcome);
      if (restMs === 0) return;
      await attempts.dropBehind();
      await attempts.settle();
      await clock.sleep(restMs, signal);
    }

    async function send(connection: MailConnection, delivery: BegunDelivery): Promise<Settlement> {
      const begun = control.begunAt();
      const outcome = await attempt(connection, delivery);
      // A rejection that is not about the reader leaves the delivery planned.
      progress.count(outcome.kind === 'rejected' && outcome.scope !== 'recipient' ? 'deferred' : outcome.kind);
      const ofRow = control.judge(outcome, delivery, begun);
      return { delivery, outcome, at: clock.now(), ...(ofRow && { ofRow }) };
    }

    async function attempt(connection: MailConnection, delivery: BegunDelivery): Promise<Outcome> {
      const edition = await editionOf(delivery.edition);
      let message: Message;
      try {
        message = await mailBuilder.build(edition, delivery, clock.now());
      } catch (error) {
        // Nothing was on the wire, so the outcome is known.
        return { kind: 'rejected', scope: 'message', bounce: 'none', reply: { text: String(error) } };
      }
      return connection.send(message);
    }

    return {
      sendDue,
      stopped: control.stopped,
      /** What the replies say of the run, once it has ended. */
      verdict: () => control.verdict(progress.hasTried()),
    };
  }
}

function openProgress(run: Pick<SendProgress, 'issue' | 'pending'>, { onProgress }: SendOptions) {
  const counts = { accepted: 0, rejected: 0, deferred: 0, unknown: 0, skipped: 0 };
  return {
    count(kind: keyof typeof counts): void {
      counts[kind] += 1;
      onProgress?.({ ...run, ...counts });
    },
    hasTried: () => Object.values(counts).some((count) => count > 0),
  };
}
