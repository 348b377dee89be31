/** The deliveries that a run has claimed: hands them out one at a time, no faster than the rate limit allows. */
import type { DeliveryRef } from '../domain/delivery.js';
import type { Issue } from '../domain/issue.js';
import type { Clock, Log } from '../domain/ports/host.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { RateLimit } from '../domain/ports/mail.js';
import { OLDEST_CLAIM_MS, type RunLeases } from './leases.js';
import type { RunControl } from './run-control.js';

/** How many deliveries are claimed for each connection: few, so that other processes find work; enough, so that claims are rare. */
const CLAIMED_PER_CONNECTION = 8;
/** While the rate limit keeps a run waiting, it checks this often whether the issue was paused or cancelled. */
const LONGEST_WAIT_MS = 10_000;

export interface DeliveryQueuesDeps {
  readonly ledger: Pick<Ledger, 'issue'>;
  rateLimit(): Pick<RateLimit, 'take'>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info'>;
}

export interface QueueOptions {
  readonly issue: Issue;
  readonly leases: Pick<RunLeases, 'claim' | 'release'>;
  readonly connections: number;
  readonly control: RunControl;
  readonly signal?: AbortSignal | undefined;
}

export type DeliveryQueue = ReturnType<DeliveryQueues['open']>;
export type DeliveryQueues = ReturnType<typeof openDeliveryQueues>;

export function openDeliveryQueues({ ledger, rateLimit, clock, log }: DeliveryQueuesDeps) {
  return { open: openQueue };

  function openQueue({ issue, leases, connections, control, signal }: QueueOptions) {
    const claimed: DeliveryRef[] = [];
    let claimedAt = new Date(0);
    let isRateLimited = false;
    let asked: Promise<unknown> = Promise.resolve();

    /** The next delivery to begin, with its place on the wire; `undefined` when none is due or the run has stopped. */
    function next(): Promise<DeliveryRef | undefined> {
      return inTurn(async () => {
        if (!(await control.enterWire())) return undefined;
        const delivery = await take();
        if (!delivery) control.leaveWire();
        return delivery;
      });
    }

    /** The next delivery to begin while its connection still sends another. */
    function nextBehind(): Promise<DeliveryRef | undefined> {
      return inTurn(take);
    }

    /** One caller is served at a time. */
    function inTurn(taking: () => Promise<DeliveryRef | undefined>): Promise<DeliveryRef | undefined> {
      const taken = asked.then(taking);
      asked = taken.catch(() => undefined);
      return taken;
    }

    async function take(): Promise<DeliveryRef | undefined> {
      if (signal?.aborted) control.stop({ kind: 'signal' });
      if (control.stopped()) return undefined;
      if (claimed.length === 0) await claim();
      // A turn is taken only for a delivery that is there: none is wasted.
      if (claimed.length > 0) await takeTurn();
      if (clock.now().getTime() - claimedAt.getTime() > OLDEST_CLAIM_MS) await renewClaims();
      return control.stopped() ? undefined : claimed.shift();
    }

    /** Waits until the rate limit allows one more message, or the run stops. */
    async function takeTurn(): Promise<void> {
      let hasWaited = false;
      while (!control.stopped()) {
        const waitMs = await rateLimit().take(clock.now());
        if (waitMs === 0) {
          isRateLimited = hasWaited;
          return;
        }
        hasWaited = true;
        if (!isRateLimited) log.info('sending.paced', { issue: issue.number, waitMs });
        isRateLimited = true;
        await clock.sleep(Math.min(waitMs, LONGEST_WAIT_MS), signal);
        if (signal?.aborted) control.stop({ kind: 'signal' });
        else await stopIfAsked();
      }
    }

    /** A person may have paused or cancelled the issue, in this process or another. */
    async function stopIfAsked(): Promise<void> {
      const state = (await ledger.issue(issue.newsletter, issue.number))?.state;
      if (state === 'paused' || state === 'cancelled') control.stop({ kind: state });
    }

    async function claim(): Promise<void> {
      await stopIfAsked();
      if (control.stopped()) return;
      claimedAt = clock.now();
      const limit = isRateLimited ? connections : connections * CLAIMED_PER_CONNECTION;
      claimed.push(...(await leases.claim(limit, claimedAt)));
    }

    async function renewClaims(): Promise<void> {
      claimed.length = 0;
      await leases.release();
      await claim();
    }

    return {
      next,
      nextBehind,
      /** Whether a connection may have its next delivery begun before it needs it: only where nothing slows the run down. */
      mayRunAhead: () => !isRateLimited && control.isOpen(),
      /** Whether `next` may have to wait: for a claim, the rate limit, or room on the wire. */
      mayWait: () => claimed.length === 0 || isRateLimited || !control.hasRoom(),
    };
  }
}
