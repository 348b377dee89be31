/**
 * What one connection has to write: the outcome of its last message, and the begin of its next, which is ready while the
 * present message is on the wire. At most these two are attempted and unsettled (rule: once).
 */
import type { BegunDelivery, DeliveryRef } from '../domain/delivery.js';
import type { BeginResult, Settlement } from '../domain/ports/deliveries.js';
import type { Clock } from '../domain/ports/host.js';
import type { DeliveryQueue } from './delivery-queue.js';
import type { AttemptRecorder } from './record-attempts.js';

/** A delivery that was begun so long ago is given back: its reader was read too early (rule: as-they-are-now). */
const OLDEST_READY_MS = 10_000;

export interface ConnectionAttemptsDeps {
  readonly queue: Pick<DeliveryQueue, 'next' | 'nextBehind' | 'mayWait'>;
  readonly recorder: AttemptRecorder;
  /** Plans a delivery that was begun and not sent. */
  giveBack(delivery: BegunDelivery): Promise<void>;
  readonly clock: Pick<Clock, 'now'>;
}

export type ConnectionAttempts = ReturnType<typeof openConnectionAttempts>;

export function openConnectionAttempts({ queue, recorder, giveBack, clock }: ConnectionAttemptsDeps) {
  let unsettled: readonly Settlement[] = [];
  let behind: Promise<BeginResult | undefined> | undefined;
  let behindAt = 0;
  let isAsking = false;

  async function exchange(begin?: DeliveryRef): Promise<BeginResult | undefined> {
    const settled = unsettled;
    unsettled = [];
    try {
      return await recorder.exchange(settled, begin);
    } catch (error) {
      unsettled = [...settled, ...unsettled];
      throw error;
    }
  }

  async function begin(ask: () => Promise<DeliveryRef | undefined>): Promise<BeginResult | undefined> {
    if (queue.mayWait()) await exchange();
    isAsking = true;
    const next = await ask().finally(() => {
      isAsking = false;
    });
    return exchange(next);
  }

  /** Takes the delivery that was begun behind the last message. */
  function takeBehind(): Promise<BeginResult | undefined> | undefined {
    const taken = behind;
    behind = undefined;
    return taken;
  }

  async function dropBehind(): Promise<void> {
    const result = await takeBehind();
    if (result?.kind === 'begun') await giveBack(result.delivery);
  }

  return {
    /** Begins the next delivery; `undefined` when none is due or the run has stopped. */
    begin: () => begin(queue.next),
    /** Begins the next delivery while a message is on the wire. */
    beginBehind(): void {
      behindAt = clock.now().getTime();
      behind = begin(queue.nextBehind);
      // It is awaited after the message; until then an error is not unhandled.
      behind.catch(() => undefined);
    },
    /** What was begun behind the last message; `undefined` when nothing was, or it was too long ago. */
    async begunBehind(): Promise<BeginResult | undefined> {
      // What the server replied is not left unwritten while the queue waits.
      if (isAsking) await exchange();
      if (clock.now().getTime() - behindAt > OLDEST_READY_MS) await dropBehind();
      return takeBehind();
    },
    dropBehind,
    giveBack,
    /** Keeps an outcome until the next delivery is begun. */
    settleWithNext(settlement: Settlement): void {
      unsettled = [...unsettled, settlement];
    },
    /** Writes the outcomes that are kept. */
    async settle(): Promise<void> {
      await exchange();
    },
  };
}
