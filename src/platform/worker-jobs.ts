/** The far end of a worker pool: what a thread does with the jobs it is sent. */
import { parentPort } from 'node:worker_threads';
import type { JobEnd } from '../domain/ports/host.js';

/** Does each job in turn and sends back what came of it; called once, by the program of a thread. */
export function answerJobs<Job>(work: (job: Job) => unknown): void {
  let last: Promise<void> = Promise.resolve();
  parentPort?.on('message', (job: Job) => {
    last = last.then(async () => parentPort?.postMessage(await endOf(work, job)));
  });
  parentPort?.postMessage('ready');
}

async function endOf<Job>(work: (job: Job) => unknown, job: Job): Promise<JobEnd> {
  try {
    return { kind: 'done', result: await work(job) };
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}
