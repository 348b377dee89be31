/** The deliveries that this process holds, and those it takes back from processes that died (rules: owner, states). */
import type { BegunDelivery, DeliveryRef } from '../domain/delivery.js';
import type { Issue } from '../domain/issue.js';
import type { ExchangeContext } from '../domain/ports/deliveries.js';
import type { Clock, Log, Processes } from '../domain/ports/host.js';
import type { Ledger } from '../domain/ports/ledger.js';

/** Of a claim. */
const CLAIM_LEASE_MS = 15 * 60_000;
/**
 * Of an attempt: longer than a server may take from its greeting to the reply to the final dot, with every timeout of
 * RFC 5321 §4.5.3.2. A lease that ends too early repeats a mail.
 */
const ATTEMPT_LEASE_MS = 60 * 60_000;

/** From this age on, claims are renewed: their leases could end before the server replies. */
export const OLDEST_CLAIM_MS = CLAIM_LEASE_MS / 2;

export interface LeasesDeps {
  readonly ledger: Pick<Ledger, 'claim' | 'release' | 'giveBack' | 'owners' | 'reclaim' | 'retryUnknown'>;
  readonly processes: Processes;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'warn'>;
}

export type Leases = ReturnType<typeof openLeases>;

export function openLeases({ ledger, processes, clock, log }: LeasesDeps) {
  const owner = processes.self;

  /** Takes up to `limit` deliveries that are due. */
  function claim({ id }: Issue, limit: number, now: Date): Promise<readonly DeliveryRef[]> {
    return ledger.claim({ issue: id, owner, limit, leaseMs: CLAIM_LEASE_MS, now });
  }

  /** Gives back what this process has claimed and not begun. */
  function release({ id }: Issue): Promise<void> {
    return ledger.release(id, owner);
  }

  /** Gives back a delivery that was begun and never sent. */
  function giveBack({ id }: Issue, { subscriber }: BegunDelivery): Promise<void> {
    return ledger.giveBack(id, owner, [subscriber], clock.now());
  }

  /** Gives up everything this process holds, after an error: attempts that were not settled have an unknown outcome. */
  async function abandon({ id }: Issue): Promise<void> {
    await ledger.reclaim(id, owner, clock.now());
  }

  /** Whose attempts the ledger writes, and for how long. */
  function attemptContext(): ExchangeContext {
    return { owner, now: clock.now(), leaseMs: ATTEMPT_LEASE_MS };
  }

  /** Whether any process holds a delivery of an issue. */
  async function areHeld({ id }: Issue): Promise<boolean> {
    return (await ledger.owners(id)).length > 0;
  }

  /**
   * Takes back what dead processes hold: on this host at once, on another host when their leases have ended. Also plans
   * deliveries with an unknown outcome again, where the issue's policy is to resend them.
   * @returns how many deliveries changed
   */
  async function reclaim({ id, number }: Issue): Promise<number> {
    const now = clock.now();
    const expired = new Set(await ledger.owners(id, now));
    let moved = 0;
    for (const other of await ledger.owners(id)) {
      const state = processes.stateOf(other);
      if (state === 'alive' || (state === 'elsewhere' && !expired.has(other))) continue;
      const { freed, unknown } = await ledger.reclaim(id, other, now);
      moved += freed + unknown;
      log.warn('lease.taken-over', { issue: number, owner: other, freed, inDoubt: unknown });
    }
    return moved + (await ledger.retryUnknown(id, now));
  }

  return { claim, release, giveBack, abandon, attemptContext, areHeld, reclaim };
}
