/** The crash test as a developer runs it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Env, ROOT } from './e2e-gazette.js';

export interface CrashTestRun {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

/** Runs the tool; its temporary files go to `folder`. */
export function startCrashTest(args: readonly string[], folder: string, env: Env = {}): CrashTestRun {
  const { PATH = '', HOME = '', DATABASE_URL: _, ...rest } = process.env;
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'tools/crash-test/main.ts'), ...args], {
    cwd: ROOT,
    env: { ...rest, PATH, HOME, TMPDIR: folder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const ended = new Promise<Awaited<CrashTestRun['ended']>>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

/** What it prints, read. */
export async function crashTest(args: readonly string[], folder: string, env: Env = {}) {
  const { code, stdout, stderr } = await startCrashTest([...args, '--json'], folder, env).ended;
  expect(stdout, stderr).toMatch(/^\{.*\}\n$/);
  return { code, json: JSON.parse(stdout) };
}

/** What is left in the folder of temporary files, but for what the runner of TypeScript keeps there. */
export async function leftIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => !name.startsWith('tsx-') && !name.startsWith('node-'));
}

/** Every reader was reached after eight kills, and only what was in doubt was repeated. */
export function expectKept(json: Awaited<ReturnType<typeof crashTest>>['json']): void {
  expect(json).toMatchObject({ ok: true, kills: 8, readers: 300, lost: 0, unexplained: 0, seed: 5 });
  expect(json).toMatchObject({ findings: [], failures: [] });
  expect(json.repeated).toBeLessThanOrEqual(json.allowed);
  expect(json.counts).toMatchObject({ all: 300, planned: 0, claimed: 0, attempted: 0 });
}
