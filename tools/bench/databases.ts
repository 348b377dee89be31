/** What sending costs with the ledger on Postgres, against SQLite in the same run, and against a Postgres that is further away. */
import type { NetConnectOpts } from 'node:net';
import { startPostgres } from '../../test/support/postgres.js';
import { openOwnDatabase } from '../crash-test/own-database.js';
import { type DelayingProxy, openDelayingProxy } from './delaying-proxy.js';
import { median } from './median.js';
import { populate, populatePostgres } from './populate.js';
import { type Sent, sendFrom } from './send-from.js';
import { openSink, type Sink } from './sink.js';

/** How far away the database is in the last two ways, and how long the server takes to answer a message there. */
const DATABASE_MS = 2;
const SINK_MS = 30;
const FEW = 10;
const MANY = 40;

export interface DatabaseBench {
  readonly readers: number;
  readonly kilobytes: number;
  readonly rounds: number;
  keep(name: string, sent: Sent): Sent;
}

export interface DatabaseRatios {
  readonly postgresVsSqlite: { readonly [connections: string]: number | null };
  readonly postgresStatementsPerMail: number | null;
  readonly postgresFarVsNear: { readonly [connections: string]: number | null };
}

export interface BenchPostgres {
  readonly name: string;
  /** A database without a reader. */
  fresh(): Promise<{ readonly url: string; remove(): Promise<void> }>;
  stop(): Promise<void>;
}

/** Mails a second of each way, by name; `undefined` and a word to the person where no Postgres starts. */
export async function databaseRatios(
  bench: DatabaseBench,
  sink: Sink,
  say: (text: string) => void,
): Promise<DatabaseRatios | undefined> {
  const postgres = await openPostgres().catch((error: Error) => {
    say(`No bench of Postgres: ${error.message} Set DATABASE_URL to use a server of yours.`);
    return undefined;
  });
  if (!postgres) return undefined;
  const slowSink = await openSink(SINK_MS);
  try {
    say(`Postgres: ${postgres.name}`);
    const rounds: Round[] = [];
    for (let round = 0; round < bench.rounds; round += 1) rounds.push(await oneRound(bench, postgres, sink, slowSink));
    const middle = (of: (round: Round) => number) => median(rounds.map(of));
    return {
      postgresVsSqlite: {
        [FEW]: middle(({ few }) => few.postgres.perSecond / few.sqlite.perSecond),
        [MANY]: middle(({ many }) => many.postgres.perSecond / many.sqlite.perSecond),
      },
      postgresStatementsPerMail: middle(({ few }) => few.postgres.statementsPerMail),
      postgresFarVsNear: {
        [FEW]: middle(({ few }) => few.far.perSecond / few.near.perSecond),
        [MANY]: middle(({ many }) => many.far.perSecond / many.near.perSecond),
      },
    };
  } finally {
    slowSink.close();
    await postgres.stop();
  }
}

/** Each way with few connections and with many. */
interface Round {
  readonly few: Ways;
  readonly many: Ways;
}

interface Ways {
  readonly sqlite: Sent;
  readonly postgres: Sent;
  readonly near: Sent;
  readonly far: Sent;
}

async function oneRound(bench: DatabaseBench, postgres: BenchPostgres, sink: Sink, slowSink: Sink): Promise<Round> {
  const ways = async (connections: number): Promise<Ways> => {
    const { kilobytes } = bench;
    const send = async (database: string, to: Sink, name: string) =>
      bench.keep(`${name}, ${connections} connections`, await sendFrom({ database, sink: to, kilobytes, connections }));
    return {
      sqlite: await send(await populate(bench.readers), sink, 'SQLite'),
      postgres: await onPostgres(postgres, bench.readers, (url) => send(url, sink, 'Postgres')),
      near: await onPostgres(postgres, bench.readers, (url) => send(url, slowSink, `Postgres, server ${SINK_MS} ms`)),
      far: await onPostgres(postgres, bench.readers, (url) =>
        throughProxy(url, (far) => send(far, slowSink, `Postgres ${DATABASE_MS} ms away, server ${SINK_MS} ms`)),
      ),
    };
  };
  return { few: await ways(FEW), many: await ways(MANY) };
}

async function onPostgres<T>(postgres: BenchPostgres, readers: number, work: (url: string) => Promise<T>): Promise<T> {
  const { url, remove } = await postgres.fresh();
  try {
    await populatePostgres(url, readers);
    return await work(url);
  } finally {
    await remove();
  }
}

async function throughProxy<T>(near: string, work: (url: string) => Promise<T>): Promise<T> {
  const url = new URL(near);
  const folder = url.searchParams.get('host');
  const port = url.port || '5432';
  const target: NetConnectOpts = folder
    ? { path: `${folder}/.s.PGSQL.${port}` }
    : { host: url.hostname, port: Number(port) };
  const proxy: DelayingProxy = await openDelayingProxy(target, DATABASE_MS);
  url.searchParams.delete('host');
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  try {
    return await work(url.href);
  } finally {
    proxy.close();
  }
}

/** The one `DATABASE_URL` names, or one of the bench's own that writes through to the disk as servers do. */
export async function openPostgres(): Promise<BenchPostgres> {
  const { DATABASE_URL } = process.env;
  if (DATABASE_URL !== undefined && /^postgres/.test(DATABASE_URL)) {
    const fresh = () => openOwnDatabase(DATABASE_URL, '');
    return { name: 'the one of DATABASE_URL', fresh, stop: async () => {} };
  }
  const server = await startPostgres(['fsync=on']);
  const fresh = async () => ({ url: await server.freshUrl(), remove: async () => {} });
  return { name: 'one of the bench’s own', fresh, stop: () => server.stop() };
}
