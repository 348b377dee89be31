/**
 * Threads for work on text that strangers wrote: the event loop stays free, and a job that takes too long or too much memory
 * ends with its thread, not with the process (rule: strangers-cost-little). The other end is worker-jobs.ts.
 */
import { Worker } from 'node:worker_threads';
import type { JobEnd, RunJob } from '../domain/ports/host.js';

export interface WorkerPoolOptions {
  /** The program of a thread; absolute. */
  readonly program: string;
  readonly mostThreads: number;
  /** For one job, once its thread has begun it: of time and of processor time, so that a busy machine breaks no job. */
  readonly limitMs: number;
  /** For one thread. */
  readonly memoryMb: number;
}

export interface WorkerPool {
  readonly run: RunJob;
  /** Ends every thread, and rejects what is not done yet. */
  close(reason: unknown): Promise<void>;
}

interface Job {
  readonly content: unknown;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (end: JobEnd) => void;
  readonly reject: (reason: unknown) => void;
}

interface Thread {
  readonly worker: Worker;
  /** In the order in which the thread takes them; it has begun the first. */
  readonly jobs: Job[];
  isReady: boolean;
  /** The job that is timed. */
  watched: Job | undefined;
  timer: NodeJS.Timeout | undefined;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Jobs are queued behind the one a thread works on, so that it never waits for this side. */
const JOBS_AHEAD = 4;
/** Starting a thread costs as much as some dozens of jobs: another one is started when so many wait for each. */
const WORTH_A_THREAD = 50;
const START_MS = 60_000;
/** So many times its limit a job may take of time alone. */
const MOST_PATIENCE = 10;

/** No thread is started before the first job. Threads without a job do not keep the process alive. */
export function openWorkerPool({ program, mostThreads, limitMs, memoryMb }: WorkerPoolOptions): WorkerPool {
  const threads = new Set<Thread>();
  let waiting: Job[] = [];
  const watched = new WeakSet<AbortSignal>();
  let closed: { readonly reason: unknown } | undefined;

  function startThread(): void {
    const worker = new Worker(program, { resourceLimits: { maxOldGenerationSizeMb: memoryMb } });
    const thread: Thread = { worker, jobs: [], isReady: false, watched: undefined, timer: undefined };
    threads.add(thread);
    worker.on('message', (message: JobEnd | 'ready') => {
      if (message === 'ready') thread.isReady = true;
      else thread.jobs.shift()?.resolve(message);
      thread.watched = undefined;
      feed(thread);
    });
    worker.once('error', (error) => died(thread, error));
    worker.once('exit', (code) => died(thread, new Error(`It ended with code ${code}.`)));
  }

  function died(thread: Thread, error: Error): void {
    if (!threads.has(thread)) return;
    if (!thread.isReady) {
      // It cannot start, and no other one would.
      const failed = [...thread.jobs.splice(0), ...waiting.splice(0)];
      remove(thread);
      for (const job of failed) job.reject(new Error(`A thread could not be started: ${error.message}`));
      return;
    }
    const isMemory = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
    replace(thread, isMemory ? { kind: 'out-of-memory', memoryMb } : { kind: 'failed', reason: error.message });
  }

  /** Watches over the job a thread has begun. */
  function watchOver(thread: Thread, job: Job): void {
    thread.watched = job;
    const begunAt = processorMs();
    let patience = MOST_PATIENCE;
    const look = (): void => {
      // What this side was too busy to read comes first.
      setImmediate(() => {
        if (!threads.has(thread) || thread.jobs[0] !== job) return;
        patience -= 1;
        const left = limitMs - (processorMs() - begunAt);
        if (!thread.isReady) died(thread, new Error(`It was not ready after ${START_MS / 1000} s.`));
        else if (left > 0 && patience > 0) thread.timer = setTimeout(look, Math.ceil(left));
        else replace(thread, { kind: 'too-long', limitMs });
      });
    };
    clearTimeout(thread.timer);
    thread.timer = setTimeout(look, thread.isReady ? limitMs : START_MS);
  }

  /** The job it had begun is over; those behind it go to another thread. */
  function replace(thread: Thread, end: JobEnd): void {
    const [begun, ...behind] = thread.jobs;
    remove(thread);
    waiting.unshift(...behind);
    begun?.resolve(end);
    share();
  }

  function remove(thread: Thread): void {
    threads.delete(thread);
    clearTimeout(thread.timer);
    void thread.worker.terminate();
  }

  /** Hands a thread what it has room for, and watches over the job it works on. */
  function feed(thread: Thread): void {
    const { worker, jobs } = thread;
    for (const job of waiting.splice(0, Math.max(0, JOBS_AHEAD - jobs.length))) {
      jobs.push(job);
      worker.postMessage(job.content);
    }
    const [begun] = jobs;
    if (begun === undefined) {
      clearTimeout(thread.timer);
      worker.unref();
    } else if (begun !== thread.watched) {
      worker.ref();
      watchOver(thread, begun);
    }
  }

  function share(): void {
    const isWorthAnother = threads.size === 0 || waiting.length > WORTH_A_THREAD * threads.size;
    if (waiting.length > 0 && isWorthAnother && threads.size < mostThreads) startThread();
    for (const thread of threads) if (thread.jobs.length < JOBS_AHEAD && waiting.length > 0) feed(thread);
  }

  /** A thread whose result is no longer wanted is ended, because nothing else stops it. */
  function abandon(signal: AbortSignal): void {
    const isAbandoned = (job: Job) => job.signal === signal;
    const held = [...threads].flatMap(({ jobs }) => jobs);
    const abandoned = [...held, ...waiting].filter(isAbandoned);
    waiting = waiting.filter((job) => !isAbandoned(job));
    for (const thread of threads) if (thread.jobs.length > 0 && thread.jobs.every(isAbandoned)) remove(thread);
    for (const job of abandoned) job.reject(signal.reason);
    share();
  }

  function watch(signal: AbortSignal): void {
    if (watched.has(signal)) return;
    watched.add(signal);
    signal.addEventListener('abort', () => abandon(signal), { once: true });
  }

  return {
    run: (content, signal) =>
      new Promise((resolve, reject) => {
        if (closed || signal?.aborted) return reject(closed ? closed.reason : signal?.reason);
        if (signal) watch(signal);
        waiting.push({ content, signal, resolve, reject });
        share();
      }),
    close: async (reason) => {
      closed ??= { reason };
      const workers = [...threads].map(({ worker }) => worker);
      const left = [...threads].flatMap(({ jobs }) => jobs).concat(waiting);
      for (const thread of threads) remove(thread);
      waiting = [];
      for (const job of left) job.reject(reason);
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
