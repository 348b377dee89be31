/**
 * Decides at every tick what to start: publish what is due, continue sending, read the sources. Nothing depends on when a tick
 * comes, or on whether one was missed: the ledger knows what is done.
 */
import { machineFault } from '../domain/machine-fault.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Log } from '../domain/ports/host.js';
import type { Operate } from '../operate/index.js';
import type { Sending } from '../sending/index.js';
import { openJobs } from './jobs.js';

/** What the jobs use; asked for anew by each of them, because settings change. */
export interface SchedulerDeps {
  readonly newsletters: ReadonlyMap<string, Newsletter>;
  readonly operate: Pick<
    Operate,
    'publishDue' | 'pollSources' | 'deleteOld' | 'notifyWaiting' | 'tellQuestions' | 'tellStop' | 'believesClock'
  >;
  readonly sending: Pick<Sending, 'issuesToSend' | 'goOn'>;
  readonly log: Log;
}

export interface Scheduler {
  /** Starts what is due and not running yet; returns at once. */
  tick(): void;
  /** Resolves when everything that was started has ended. */
  idle(): Promise<void>;
}

/** @param signal when it is aborted nothing new starts, and messages on the wire are still recorded */
export function openScheduler(deps: SchedulerDeps, signal: AbortSignal): Scheduler {
  const { log } = deps;
  const jobs = openJobs((name, error) => {
    // What the stop itself ended did not fail.
    if (!signal.aborted || error !== signal.reason) log.error('job.failed', { job: name, reason: reasonOf(error) });
  });

  async function startSending(): Promise<void> {
    for (const { newsletter: id, number } of await deps.sending.issuesToSend()) {
      const newsletter = deps.newsletters.get(id);
      if (newsletter) jobs.start(`send ${id} ${number}`, () => send(newsletter, number));
    }
  }

  async function send(newsletter: Newsletter, number: number): Promise<void> {
    const { stopped } = await deps.sending.goOn(newsletter, number, { signal });
    // The editor was told of a paused issue already; it waits for a person.
    if (stopped?.kind !== 'fault' || stopped.paused) return;
    const reason = `${stopped.scope}: ${stopped.text}`;
    await deps.operate.tellStop(newsletter.id, number, reason);
    throw new Error(reason);
  }

  async function publish(newsletter: Newsletter): Promise<void> {
    const { kind } = await deps.operate.publishDue(newsletter, { signal });
    // Readers do not have to wait for the next tick.
    if (kind === 'frozen' || kind === 'exists') await startSending();
  }

  return {
    tick() {
      if (signal.aborted) return;
      jobs.tick();
      const believed = deps.operate.believesClock();
      // Every job that waits for it reports its failure.
      believed.catch(() => undefined);
      const start = (name: string, work: () => Promise<void>) =>
        jobs.start(name, async () => {
          if (await believed) await work();
        });
      start('collect', () => deps.operate.pollSources({ signal }));
      start('send', startSending);
      start('forget', () => deps.operate.deleteOld());
      jobs.start('notes', async () => {
        await deps.operate.tellQuestions();
        if (!(await deps.operate.notifyWaiting())) throw new Error('Notes to the editor cannot be delivered.');
      });
      for (const newsletter of deps.newsletters.values()) start(`publish ${newsletter.id}`, () => publish(newsletter));
    },
    idle: jobs.idle,
  };
}

function reasonOf(error: unknown): string {
  const fault = machineFault(error);
  if (fault) return fault.message;
  return error instanceof Error ? error.message : String(error);
}
