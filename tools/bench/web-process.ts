/** A web server of the bench in a process of its own, which is asked by messages. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface WebServer {
  readonly port: number;
  /** Sends the issue that is frozen in its database; mails a second. */
  send(smtpPort: number): Promise<number>;
  /** The longest time the event loop was held since the last question, in milliseconds of time in which this process ran. */
  longestHoldMs(): Promise<number>;
  /** Processor time of the whole process so far, in milliseconds: other work of the machine does not count. */
  cpuMs(): Promise<number>;
  /** Resident memory after a collection, in megabytes. */
  memoryMb(): Promise<number>;
  stop(): Promise<void>;
}

export interface WebServerSettings {
  readonly mode: 'gazette' | 'bare-pages' | 'bare-clicks';
  /** A path or a URL; of bare pages a JSON file of `{path: {type, body}}`. */
  readonly database: string;
}

export async function startWebServer({ mode, database }: WebServerSettings): Promise<WebServer> {
  const script = fileURLToPath(new URL('web-server.ts', import.meta.url));
  const child = fork(script, [mode, database], { execArgv: ['--expose-gc', '--import', 'tsx'], stdio: 'inherit' });
  const { port } = (await answerOf(child)) as { readonly port: number };
  const ask = async (question: object) => {
    const answer = answerOf(child);
    child.send(question);
    return (await answer) as number;
  };
  return {
    port,
    send: (smtpPort) => ask({ kind: 'send', smtpPort }),
    longestHoldMs: () => ask({ kind: 'hold' }),
    cpuMs: () => ask({ kind: 'cpu' }),
    memoryMb: () => ask({ kind: 'memory' }),
    async stop() {
      if (child.exitCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const failed = (code: number | null) => reject(new Error(`The web server ended with ${code}.`));
    child.once('exit', failed);
    child.once('message', (message) => {
      child.off('exit', failed);
      resolve(message);
    });
  });
}
