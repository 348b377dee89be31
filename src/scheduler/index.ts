/** The scheduler of the running service. */
import { runScheduler } from './loop.js';
import { openScheduler, type SchedulerDeps } from './scheduler.js';

export type { SchedulerDeps } from './scheduler.js';

/** Publishes, sends and reads sources until the signal is aborted; resolves once messages on the wire are recorded. */
export function startScheduler(deps: SchedulerDeps, signal: AbortSignal): Promise<void> {
  return runScheduler(openScheduler(deps, signal), signal);
}
