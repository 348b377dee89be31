/** Starts programs for tests on real servers, waits for them without fixed times, and ends what it started. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end, and gives what it printed. */
export async function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { stdout } = await execute(program, [...args], { maxBuffer: 100_000_000, ...options });
  return stdout;
}

/** Starts a program in the background; the result ends it. */
export function start(program: string, args: readonly string[], options: RunOptions = {}): () => Promise<void> {
  const child: ChildProcess = spawn(program, [...args], { stdio: 'ignore', ...options });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  return async () => {
    child.kill();
    await ended;
  };
}

/** Installs packages of Debian unless they are there. */
export async function installDebian(packages: readonly string[]): Promise<void> {
  const missing = [];
  for (const name of packages) if (!(await isInstalled(name))) missing.push(name);
  if (missing.length === 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env });
}

async function isInstalled(name: string): Promise<boolean> {
  return run('dpkg', ['-s', name]).then(
    (status) => status.includes('ok installed'),
    () => false,
  );
}

/** A port nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Tries until it succeeds. Throws the last failure after so many tries, a quarter of a second apart. */
export async function until<Result>(action: () => Promise<Result>, tries = 400): Promise<Result> {
  for (let left = tries; ; left -= 1) {
    try {
      return await action();
    } catch (error) {
      if (left <= 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
