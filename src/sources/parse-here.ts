/** Parsing in the thread that asks. */
import type { RunJob } from '../domain/ports/host.js';
import type { ParseJob } from './parse.js';

/** Parses in this very thread, for callers that trust the text. */
export const parseHere: RunJob = async (job, signal) => {
  signal?.throwIfAborted();
  const { parse } = await import('./parse.js');
  return { kind: 'done', result: parse(job as ParseJob) };
};
