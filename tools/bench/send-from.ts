/** Sends an issue to every reader of a database in a process of its own, and says what it took. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Sink } from './sink.js';

export interface Sending {
  /** A path or a URL, as in `DATABASE_URL`. */
  readonly database: string;
  readonly sink: Pick<Sink, 'port'>;
  readonly kilobytes: number;
  /** By default what an address without `pool=` opens. */
  readonly connections?: number | undefined;
  readonly isSigned?: boolean;
}

export interface Sent {
  readonly mails: number;
  readonly perSecond: number;
  /** Readers whose delivery used up a try or was given up, or whose address is suppressed. */
  readonly marked: number;
  readonly cpuUs: number;
  readonly restMb: number;
  readonly peakMb: number;
  /** Statements sent to Postgres, begins and commits included; 0 on SQLite. */
  readonly statementsPerMail: number;
}

export async function sendFrom({ database, sink, kilobytes, connections, isSigned }: Sending): Promise<Sent> {
  const script = fileURLToPath(new URL('send-all.ts', import.meta.url));
  const settings = [database, sink.port, kilobytes, connections ?? 'default', ...(isSigned ? ['dkim'] : [])].map(
    String,
  );
  const args = ['--expose-gc', '--import', 'tsx', script, ...settings];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Sent;
}
