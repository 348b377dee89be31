/** Ticks every minute until the process is asked to stop. */
import { schedule } from 'node-cron';
import type { Scheduler } from './scheduler.js';

/** Ticks at once and then every minute; resolves when the signal is aborted and all jobs have ended. */
export async function runScheduler(scheduler: Scheduler, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  scheduler.tick();
  const ticks = schedule('* * * * *', () => scheduler.tick(), {
    name: 'gazette',
    // In UTC no minute is skipped or repeated.
    timezone: 'UTC',
    // A missed tick does no harm, and the warning would go to standard output.
    suppressMissedWarning: true,
  });
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await ticks.destroy();
  await scheduler.idle();
}
