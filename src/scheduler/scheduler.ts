/**
 * The door through which time asks for stories: every tick makes what is due, goes on with what is being sent, and
 * reads the sources. Nothing rests on when a tick comes, or whether one was missed: the ledger knows what is done.
 */
import type { AppCommands } from '../app-commands.js';
import { openJobs } from './jobs.js';

export type SchedulerCommands = Pick<
  AppCommands,
  | 'newsletterIds'
  | 'publishDue'
  | 'issuesToSend'
  | 'goOnSending'
  | 'tellStop'
  | 'notifyWaiting'
  | 'deleteOld'
  | 'pollSources'
  | 'log'
>;

export interface Scheduler {
  /** Starts what is to be done at this moment and is not being done yet; returns at once. */
  tick(): void;
  /** Resolves when everything that was started has ended. */
  idle(): Promise<void>;
}

/** @param signal when it is aborted nothing new begins, and what is on the wire is settled */
export function openScheduler(flows: SchedulerCommands, signal: AbortSignal): Scheduler {
  const jobs = openJobs((name, error) => {
    // What the stop itself ended did not fail.
    if (!signal.aborted || error !== signal.reason)
      flows.log.error('job.failed', { job: name, reason: reasonOf(error) });
  });

  const send = async () => {
    for (const { newsletter, number } of await flows.issuesToSend()) {
      jobs.start(`send ${newsletter} ${number}`, async () => {
        const { stopped } = await flows.goOnSending({ newsletter, number }, { signal });
        // A paused issue is told already, and waits for a person.
        if (stopped?.kind !== 'fault' || stopped.paused) return;
        const reason = `${stopped.scope}: ${stopped.text}`;
        await flows.tellStop(newsletter, number, reason);
        throw new Error(reason);
      });
    }
  };

  return {
    tick() {
      if (signal.aborted) return;
      jobs.tick();
      jobs.start('collect', () => flows.pollSources({ signal }));
      jobs.start('send', send);
      jobs.start('forget', () => flows.deleteOld());
      jobs.start('notes', async () => {
        if (!(await flows.notifyWaiting())) throw new Error('Notes to the editor do not arrive.');
      });
      for (const newsletter of flows.newsletterIds()) {
        jobs.start(`publish ${newsletter}`, async () => {
          const { kind } = await flows.publishDue(newsletter, { signal });
          // At once: a reader should not wait for the next tick.
          if (kind === 'frozen' || kind === 'exists') await send();
        });
      }
    },
    idle: jobs.idle,
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
