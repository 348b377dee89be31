/** The process: arguments, environment, terminal, signals, exit status. Nothing else uses `process`. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import type { Io } from './cli/io.js';
import { openQuestions } from './cli/questions.js';
import { runCli } from './cli/run-cli.js';
import { GazetteError } from './domain/errors.js';
import type { SourceKind } from './sources/index.js';

export interface RunOptions {
  /** Kinds of source besides those of Gazette. */
  readonly sources?: readonly SourceKind[];
}

const { env } = process;
const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Runs the command line of this process, and sets its exit status. Called once. */
export async function runGazette({ sources: sourceKinds = [] }: RunOptions = {}): Promise<void> {
  const signal = stopSignal();
  keepWritingErrorsHarmless();
  const io = ioOf(signal);
  const open = async () => {
    const { openApp } = await import('./app.js');
    return openApp({ env, folder: io.folder, isTerminal: io.canRedraw, signal, sourceKinds });
  };
  process.exitCode = await runCli(process.argv.slice(2), io, { version, open });
}

/** Aborted when the process is asked to stop. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      signals += 1;
      // The first asks to stop once messages on the wire are recorded; the second stops at once.
      if (signals > 1) process.exit(signal === 'SIGINT' ? 130 : 143);
      stop.abort(new GazetteError('stopped', `Stopped by ${signal} before it was done.`));
    });
  }
  return stop.signal;
}

function keepWritingErrorsHarmless(): void {
  // That the reader of a pipe has closed it (`gazette issues | head`) is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  // Without a terminal the command continues.
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

function ioOf(signal: AbortSignal): Io {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isInteractive: Boolean(process.stdin.isTTY && process.stderr.isTTY),
    canRedraw: Boolean(process.stderr.isTTY) && env.TERM !== 'dumb',
    hasColour: !env.NO_COLOR && (Boolean(env.FORCE_COLOR) || Boolean(process.stdout.isTTY && process.stderr.isTTY)),
    columns: process.stdout.columns ?? 100,
    ask: (question) => askOnTerminal(question, signal),
    questions: openQuestions({ input: process.stdin, output: process.stderr, signal }),
    person: systemUser(),
    input: process.stdin,
    open: openViewer,
    signal,
    folder: process.cwd(),
    monotonicMs: () => performance.now(),
  };
}

async function askOnTerminal(question: string, signal: AbortSignal): Promise<string | undefined> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question, { signal });
  } catch {
    return undefined;
  } finally {
    terminal.close();
  }
}

function openViewer(path: string): void {
  const opener = process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open';
  const viewer = spawn(opener, [path], { stdio: 'ignore', detached: true });
  viewer.on('error', () => process.stderr.write(`Could not open a viewer; the file is ${path}\n`));
  viewer.unref();
}

/** In a container the user may have no name. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
