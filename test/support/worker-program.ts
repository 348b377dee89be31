/** The program of a thread, made of sources as the build makes it: threads know neither TypeScript nor the test runner. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { openWorkerPool, type WorkerPool, type WorkerPoolOptions } from '../../src/platform/worker-pool.js';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

/** One file; removed with the test that asked for it. @param code TypeScript that imports from `src` by `./` */
export async function workerProgram(code: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'gazette-worker-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const outfile = join(folder, 'worker.cjs');
  const stdin = { contents: code, resolveDir: SRC, loader: 'ts' } as const;
  await build({ stdin, outfile, bundle: true, format: 'cjs', platform: 'node', logLevel: 'error' });
  return outfile;
}

/** The program that parses, as `src/worker.ts` has it. */
export function parserProgram(): Promise<string> {
  return workerProgram("import './worker.js';");
}

/** A pool of one thread unless told otherwise, closed with the test. */
export async function aPool(program: Promise<string>, options: Partial<WorkerPoolOptions> = {}): Promise<WorkerPool> {
  const limits = { mostThreads: 1, limitMs: 60_000, memoryMb: 256 };
  const pool = openWorkerPool({ program: await program, ...limits, ...options });
  onTestFinished(() => pool.close(new Error('The test has ended.')));
  return pool;
}
