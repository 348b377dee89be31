/** The deliveries that a run holds, and those it takes back from runs that ended and processes that died (rules: owner, states). */
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
export type RunLeases = ReturnType<Leases['openRun']>;

/** Between the name of a process and the number of its run in an owner's name. */
const RUN = '~';

export function openLeases({ ledger, processes, clock, log }: LeasesDeps) {
  const running = new Set<string>();
  let runs = 0;

  /** The leases of one run of an issue. */
  function openRun({ id }: Issue) {
    runs += 1;
    const owner = `${processes.self}${RUN}${runs}`;
    running.add(owner);
    return {
      /** Takes up to `limit` deliveries that are due. */
      claim: (limit: number, now: Date): Promise<readonly DeliveryRef[]> =>
        ledger.claim({ issue: id, owner, limit, leaseMs: CLAIM_LEASE_MS, now }),
      /** Gives back what the run has claimed and not begun. */
      release: (): Promise<void> => ledger.release(id, owner),
      /** Gives back a delivery that was begun and never sent. */
      giveBack: ({ subscriber }: BegunDelivery): Promise<void> => ledger.giveBack(id, owner, [subscriber], clock.now()),
      /** Whose attempts the ledger writes, and for how long. */
      attemptContext: (): ExchangeContext => ({ owner, now: clock.now(), leaseMs: ATTEMPT_LEASE_MS }),
      /** Gives up everything the run holds, after an error: attempts that were not settled have an unknown outcome. */
      async abandon(): Promise<void> {
        await ledger.reclaim(id, owner, clock.now());
      },
      /** Ends the run: what it still holds because its database was gone, the next run of this process reclaims. */
      end: () => running.delete(owner),
    };
  }

  function stateOf(owner: string): ReturnType<Processes['stateOf']> {
    const at = owner.lastIndexOf(RUN);
    const name = at < 0 ? owner : owner.slice(0, at);
    if (at >= 0 && name === processes.self) return running.has(owner) ? 'alive' : 'dead';
    return processes.stateOf(name);
  }

  /** Whether any run holds a delivery of an issue. */
  async function areHeld({ id }: Issue): Promise<boolean> {
    return (await ledger.owners(id)).length > 0;
  }

  /**
   * Takes back what ended runs of this process and dead processes hold: on this host at once, on another host when their leases
   * have ended. Also plans deliveries with an unknown outcome again, where the issue's policy is to resend them.
   * @returns how many deliveries changed
   */
  async function reclaim({ id, number }: Issue): Promise<number> {
    const now = clock.now();
    const expired = new Set(await ledger.owners(id, now));
    let moved = 0;
    for (const other of await ledger.owners(id)) {
      const state = stateOf(other);
      if (state === 'alive' || (state === 'elsewhere' && !expired.has(other))) continue;
      const { freed, unknown } = await ledger.reclaim(id, other, now);
      moved += freed + unknown;
      log.warn('lease.taken-over', { issue: number, owner: other, freed, inDoubt: unknown });
    }
    return moved + (await ledger.retryUnknown(id));
  }

  return { openRun, areHeld, reclaim };
}
