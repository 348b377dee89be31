/** Starts sending processes and listens to what they say. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./store-sender.ts', import.meta.url));

export interface Sender {
  /** Kills the process without warning, once it has said so many lines of a kind. */
  killAfter(kind: string, lines: number): void;
  /** Everything it said, by kind, when it has ended. */
  readonly ended: Promise<ReadonlyMap<string, readonly string[]>>;
}

/** @param begins after so many begins it dies by itself, before it settles the last */
export function startSender(target: string, issue: number, claim: number, begins?: number): Sender {
  const wishes = [target, issue, claim, ...(begins === undefined ? [] : [begins])].map(String);
  const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, ...wishes], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = new Map<string, string[]>();
  const limits = new Map<string, number>();
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = `${rest}${chunk.toString()}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [kind = '', ...words] = line.split(' ');
      const list = said.get(kind) ?? [];
      list.push(...words);
      said.set(kind, list);
      if (list.length >= (limits.get(kind) ?? Number.POSITIVE_INFINITY)) child.kill('SIGKILL');
    }
  });
  return {
    killAfter: (kind, lines) => limits.set(kind, lines),
    ended: endOf(child).then(() => said),
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
