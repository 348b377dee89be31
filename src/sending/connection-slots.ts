/**
 * Which connections of a run may be open (rule: server-limits): a connection that the server refused waits until another one ends
 * or one more may be tried. What is learned is shared by the runs of this process and kept in the store.
 */
import type { Clock } from '../domain/ports/host.js';
import type { RateLimit, Transport } from '../domain/ports/mail.js';
import type { Outcome } from '../domain/reply.js';
import {
  afterAcceptedMail,
  afterOpenedConnection,
  afterRefusedConnection,
  type ConnectionLimit,
  connectionLimit,
} from '../domain/server-limits.js';
import type { LearnedLimits } from './learned-limits.js';

export interface ConnectionSlotsDeps {
  transport(): Transport;
  rateLimit(): Pick<RateLimit, 'learned'>;
  readonly learnedLimits: LearnedLimits;
  readonly clock: Pick<Clock, 'now'>;
}

export type ConnectionSlots = ReturnType<typeof openConnectionSlots>;
export type RunSlots = Awaited<ReturnType<ConnectionSlots['openRun']>>;
export type ConnectionSlot = ReturnType<RunSlots['open']>;

export function openConnectionSlots({ transport, rateLimit, learnedLimits, clock }: ConnectionSlotsDeps) {
  let limit: ConnectionLimit | undefined;
  const held = new Set<object>();
  const open = new Set<object>();
  let waiters: (() => void)[] = [];

  const nowMs = () => clock.now().getTime();

  function wake(): void {
    const woken = waiters;
    waiters = [];
    for (const resolve of woken) resolve();
  }

  /** Changes the limit, and keeps in the store what was learned. */
  async function change(after: ConnectionLimit): Promise<void> {
    const isNew = limit?.allowed !== after.allowed;
    limit = after;
    if (!isNew) return;
    wake();
    await keep();
  }

  /** Writes down what has been learned of the server so far. */
  async function keep(): Promise<void> {
    const { connections, description, messageLimit } = transport();
    const messages = messageLimit?.read();
    const perSecond = await rateLimit().learned();
    await learnedLimits.keep({
      server: description,
      ...(limit && limit.allowed < connections && { connections: limit.allowed }),
      ...(messages !== undefined && { messagesPerConnection: messages }),
      ...(perSecond !== undefined && { mailsPerSecond: perSecond }),
    });
  }

  /** The connections of one run. @param isOver whether a connection that waits is not needed any more */
  async function openRun(isOver: () => boolean) {
    const { connections, description, messageLimit } = transport();
    const learned = await learnedLimits.of(description);
    limit ??= connectionLimit(connections, learned?.connections, nowMs());
    if (learned?.messagesPerConnection !== undefined) messageLimit?.assume(learned.messagesPerConnection);
    const ofRun = new Set<object>();

    function openSlot() {
      const slot = {};

      function leave(): void {
        for (const each of [held, open, ofRun]) each.delete(slot);
        wake();
      }

      return {
        leave,
        /** Waits until this connection may be open; false when it is not needed any more. Each run has one at least. */
        async take(): Promise<boolean> {
          while (!held.has(slot)) {
            if (ofRun.size === 0 || (!isOver() && held.size < (limit as ConnectionLimit).allowed)) {
              held.add(slot);
              ofRun.add(slot);
            } else if (isOver()) return false;
            else await new Promise<void>((resolve) => waiters.push(resolve));
          }
          return true;
        },
        /** Learns from an outcome. @returns whether the connection has to be closed and to wait with `take` */
        async learn(outcome: Outcome): Promise<boolean> {
          const before = limit as ConnectionLimit;
          if (isConnectionRefused(outcome)) {
            const wasOpen = open.delete(slot);
            // A server may count a connection for a moment after its end.
            if (wasOpen && isAtConnect(outcome)) return false;
            await change(afterRefusedConnection(before, open.size, nowMs()));
            if (ofRun.size === 1 || held.size <= (limit as ConnectionLimit).allowed) return false;
            leave();
            return true;
          }
          if (!isAtConnect(outcome)) open.add(slot);
          const opened = afterOpenedConnection(before, open.size);
          await change(outcome.kind === 'accepted' ? afterAcceptedMail(opened, connections, nowMs()) : opened);
          return false;
        },
      };
    }

    return { open: openSlot, wake, keep, held: () => Math.max(1, ofRun.size) };
  }

  return { openRun };
}

/** The server does not allow one more connection: it says so, or it closes a new one with 421. */
function isConnectionRefused(outcome: Outcome): boolean {
  if (!('meaning' in outcome)) return false;
  if (outcome.meaning === 'fewer-connections') return true;
  const isOurFault = outcome.scope === 'configuration' || outcome.meaning === 'slow-down' || outcome.meaning === 'wait';
  return outcome.reply.code === 421 && outcome.phase === 'connect' && !isOurFault;
}

function isAtConnect(outcome: Outcome): boolean {
  if (!('scope' in outcome)) return false;
  return outcome.phase === 'connect' || outcome.phase === 'auth' || outcome.reply.code === undefined;
}
