/**
 * Work that one process at a time does for a store. A request while the work is under way makes the process at work repeat it:
 * nothing waits until the next request, and nothing is done twice (rule: owner).
 */
import type { Clock, Processes } from '../domain/ports/host.js';
import type { SharedState } from '../domain/ports/storage.js';

export interface ExclusiveWorkDeps {
  readonly shared: Pick<SharedState, 'change'>;
  readonly processes: Processes;
  readonly clock: Pick<Clock, 'now'>;
  newId(): string;
}

export interface ExclusiveRun {
  /** False once the lease is lost or the process is asked to stop. Asked before each piece of work. */
  mayContinue(): Promise<boolean>;
}

export type ExclusiveWork = ReturnType<typeof openExclusiveWork>;

/** Who does the work, for every process on the store. */
interface Lease {
  readonly owner: string;
  /** Tells apart two runs of one process. */
  readonly round: string;
  readonly untilMs: number;
  /** The work was requested again in the meantime. */
  readonly isAskedAgain: boolean;
}

/** Longer than any one piece of work takes, including a mail to a server that does not answer. */
const LEASE_MS = 20 * 60_000;
const RENEW_MS = 60_000;

export function openExclusiveWork({ shared, processes, clock, newId }: ExclusiveWorkDeps) {
  const nowMs = () => clock.now().getTime();

  /** A dead owner on the same host holds nothing; any other lease holds until it ends. */
  function isHeld({ owner, untilMs }: Lease): boolean {
    return processes.stateOf(owner) !== 'dead' && nowMs() < untilMs;
  }

  /** Does the work unless it is under way already, and says whether it did. */
  async function run(name: string, work: (run: ExclusiveRun) => Promise<void>, signal?: AbortSignal): Promise<boolean> {
    const round = newId();
    const fresh = (): Lease => ({ owner: processes.self, round, untilMs: nowMs() + LEASE_MS, isAskedAgain: false });
    const change = <Result>(decide: (lease: Lease | undefined) => { after: Lease | undefined; result: Result }) =>
      shared.change(`round ${name}`, (before) => decide(before as Lease | undefined));

    const isTaken = await change((lease) =>
      lease && isHeld(lease)
        ? { after: { ...lease, isAskedAgain: true }, result: false }
        : { after: fresh(), result: true },
    );
    if (!isTaken) return false;

    let renewedAtMs = nowMs();
    const mayContinue = async () => {
      if (signal?.aborted) return false;
      if (Math.abs(nowMs() - renewedAtMs) < RENEW_MS) return true;
      renewedAtMs = nowMs();
      return change((lease) =>
        lease?.round === round
          ? { after: { ...lease, untilMs: fresh().untilMs }, result: true }
          : { after: lease, result: false },
      );
    };
    const end = (mayRepeat: boolean) =>
      change((lease) => {
        if (lease?.round !== round) return { after: lease, result: false };
        const repeats = mayRepeat && lease.isAskedAgain;
        return { after: repeats ? fresh() : undefined, result: repeats };
      });

    try {
      do await work({ mayContinue });
      while (await end(!signal?.aborted));
    } catch (error) {
      // The first error is the one to report; a lease that could not be given back ends by itself.
      await end(false).catch(() => undefined);
      throw error;
    }
    return true;
  }

  return { run };
}
