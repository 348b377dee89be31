/** Another run of a Node program as a process of its own, which may be killed without warning. */
import { type ChildProcess, spawn } from 'node:child_process';

export interface ChildProgram {
  /** Resolves when a line of its standard error holds `text`, or when it has ended. */
  untilItSays(text: string): Promise<void>;
  /** How it ended; never rejects. */
  readonly ended: Promise<ChildEnd>;
  /** SIGKILL: it gets no chance to tidy up. Resolves when it is gone. */
  kill(): Promise<ChildEnd>;
}

export interface ChildEnd {
  /** Its exit status; absent when a signal ended it. 127: it could not be started. */
  readonly code?: number;
  readonly signal?: string;
  /** What it said last, standard output before standard error. */
  readonly lastWords: string;
}

const KEPT_CHARACTERS = 2_000;

/** Starts `program` under this Node, with these settings and no other environment. */
export function startProgram(
  program: string,
  args: readonly string[],
  env: { readonly [name: string]: string },
): ChildProgram {
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const heard = listen(child);
  return {
    ...heard,
    kill: () => {
      child.kill('SIGKILL');
      return heard.ended;
    },
  };
}

function listen(child: ChildProcess): Pick<ChildProgram, 'untilItSays' | 'ended'> {
  let [out, err] = ['', ''];
  const waiting: { readonly text: string; resolve(): void }[] = [];
  child.stdout?.on('data', (chunk: Buffer) => {
    out = (out + chunk.toString()).slice(-KEPT_CHARACTERS);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString();
    for (const { text, resolve } of waiting) if (err.includes(text)) resolve();
    err = err.slice(-KEPT_CHARACTERS);
  });
  const ended = new Promise<ChildEnd>((resolve) => {
    child.once('error', (error) => resolve({ code: 127, lastWords: error.message }));
    child.once('close', (code, signal) =>
      resolve({ lastWords: `${out}${err}`.trim(), ...(code !== null && { code }), ...(signal !== null && { signal }) }),
    );
  });
  const untilItSays = (text: string) =>
    Promise.race([
      ended.then(() => undefined),
      new Promise<void>((resolve) => {
        if (err.includes(text)) resolve();
        else waiting.push({ text, resolve });
      }),
    ]);
  return { ended, untilItSays };
}
