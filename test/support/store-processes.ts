/** Starts sending processes and listens to what they say. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./store-sender.ts', import.meta.url));

export interface Sender {
  /** It has opened the store and waits for `go`. */
  readonly ready: Promise<void>;
  /** Lets it begin: several that are let go together work at the same time, however long each took to start. */
  go(): void;
  /** Kills the process without warning, once it has said so many lines of a kind. */
  killAfter(kind: string, lines: number): void;
  /** Everything it said, by kind, when it has ended. */
  readonly ended: Promise<ReadonlyMap<string, readonly string[]>>;
}

/** @param begins after so many begins it dies by itself, before it settles the last */
export function startSender(target: string, issue: number, claim: number, begins?: number): Sender {
  const wishes = [target, issue, claim, ...(begins === undefined ? [] : [begins])].map(String);
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, ...wishes], { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = new Map<string, string[]>();
  const limits = new Map<string, number>();
  let rest = '';
  let sayReady = () => {};
  const isReady = new Promise<void>((resolve) => {
    sayReady = resolve;
  });
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = `${rest}${chunk.toString()}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [kind = '', ...words] = line.split(' ');
      const list = said.get(kind) ?? [];
      list.push(...words);
      said.set(kind, list);
      if (kind === 'ready') sayReady();
      if (list.length >= (limits.get(kind) ?? Number.POSITIVE_INFINITY)) child.kill('SIGKILL');
    }
  });
  const ended = endOf(child);
  return {
    ready: Promise.race([isReady, ended]),
    go: () => child.stdin.end('go\n'),
    killAfter: (kind, lines) => limits.set(kind, lines),
    ended: ended.then(() => said),
  };
}

async function endOf(child: ChildProcess): Promise<void> {
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const [code, signal] = await new Promise<readonly [number | null, string | null]>((resolve) =>
    child.once('close', (...end) => resolve(end)),
  );
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the sender ended with ${code ?? signal}: ${complaint}`);
}
