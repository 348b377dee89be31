/** The scheduler as the running service starts it. */
import { runScheduler } from './loop.js';
import { openScheduler, type SchedulerCommands } from './scheduler.js';

/** Publishes, sends and collects until the signal is aborted; then settles what is on the wire and resolves. */
export function startScheduler(flows: SchedulerCommands, signal: AbortSignal): Promise<void> {
  return runScheduler(openScheduler(flows, signal), signal);
}
