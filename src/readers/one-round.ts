/**
 * Work that one process does at a time for the whole store. Who comes while it is being done leaves a word, and the one
 * at work goes round once more: nothing waits for the next time, and nothing is done twice (rule: owner).
 */
import type { AppContext } from '../app-context.js';

/** Who is at work, as every process on the store sees it. */
interface Lease {
  readonly owner: string;
  /** Tells two rounds of one process apart. */
  readonly round: string;
  readonly untilMs: number;
  /** Somebody came meanwhile. */
  readonly isAskedAgain: boolean;
}

/** Longer than any one piece of work can take, a mail to a silent server included. */
const LEASE_MS = 20 * 60_000;
const RENEW_MS = 60_000;

export interface Round {
  /** Whether to go on: false once the lease was lost, or the process is asked to end. Asked before each piece of work. */
  goesOn(): Promise<boolean>;
}

/** Does the work unless somebody is at it, who then goes round once more; gives whether it was done here. */
export async function inOneRound(
  deps: AppContext,
  name: string,
  work: (round: Round) => Promise<void>,
  signal?: AbortSignal,
): Promise<boolean> {
  const key = `round ${name}`;
  const { shared } = deps.store;
  const round = deps.newId();
  const fresh = (): Lease => {
    const now = deps.clock.now().getTime();
    return { owner: deps.processes.self, round, untilMs: now + LEASE_MS, isAskedAgain: false };
  };

  const isTaken = await shared.change(key, (before) => {
    const lease = before as Lease | undefined;
    return lease && isHeld(deps, lease)
      ? { after: { ...lease, isAskedAgain: true }, result: false }
      : { after: fresh(), result: true };
  });
  if (!isTaken) return false;

  let renewedAtMs = deps.clock.now().getTime();
  const goesOn = async () => {
    if (signal?.aborted) return false;
    const nowMs = deps.clock.now().getTime();
    if (Math.abs(nowMs - renewedAtMs) < RENEW_MS) return true;
    renewedAtMs = nowMs;
    return shared.change(key, (before) => {
      const lease = before as Lease | undefined;
      if (lease?.round !== round) return { after: lease, result: false };
      return { after: { ...lease, untilMs: fresh().untilMs }, result: true };
    });
  };
  const end = (mayGoRound: boolean) =>
    shared.change(key, (before) => {
      const lease = before as Lease | undefined;
      if (lease?.round !== round) return { after: lease, result: false };
      const again = mayGoRound && lease.isAskedAgain;
      return { after: again ? fresh() : undefined, result: again };
    });

  try {
    do await work({ goesOn });
    while (await end(!signal?.aborted));
  } catch (error) {
    // The first error is the one to tell; a lease that could not be given back ends by itself.
    await end(false).catch(() => undefined);
    throw error;
  }
  return true;
}

/** A dead owner on the same host holds nothing; any other lease holds until it ends. */
function isHeld({ processes, clock }: AppContext, { owner, untilMs }: Lease): boolean {
  return processes.fateOf(owner) !== 'dead' && clock.now().getTime() < untilMs;
}
