/** A bulk load of readers as fast as each database can: prepared inserts in one transaction, or COPY. */
import { once } from 'node:events';
import { DatabaseSync } from '@photostructure/sqlite';
import pg from 'pg';
import { openStore } from '../../src/store/index.js';

export interface BareLoad {
  readonly seconds: number;
  /** Of this process. */
  readonly cpuSeconds: number;
}

/** Fills the tables of an empty database, and says what it took. */
export async function loadBare(database: string, rows: number): Promise<BareLoad> {
  await (await openStore(database)).close();
  const cpu = process.cpuUsage();
  const seconds = database.startsWith('postgres') ? await loadPostgres(database, rows) : loadSqlite(database, rows);
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpuSeconds: (user + system) / 1e6 };
}

const address = (number: number) => `reader-${number}@example.com`;

function loadSqlite(path: string, rows: number): number {
  const db = new DatabaseSync(path);
  db.exec('pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on');
  const startedMs = performance.now();
  db.exec('begin');
  const reader = db.prepare(
    'insert into subscribers (id, address, address_key, name, language, erased) values (?, ?, ?, ?, null, 0)',
  );
  const subscription = db.prepare(
    `insert into subscriptions (newsletter, subscriber, state, wishes, consent_source, consent_at) values ('weekly', ?, 'active', '*', 'sign-up form', 0)`,
  );
  for (let number = 1; number <= rows; number += 1) {
    reader.run(number, address(number), address(number), `Reader ${number}`);
    subscription.run(number);
  }
  db.exec('commit');
  const seconds = (performance.now() - startedMs) / 1000;
  db.close();
  return seconds;
}

async function loadPostgres(url: string, rows: number): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const startedMs = performance.now();
  await client.query('begin');
  await copy(client, 'subscribers (id, address, address_key, name, language, erased)', rows, (number) =>
    [number, address(number), address(number), `Reader ${number}`, '\\N', 0].join('\t'),
  );
  await copy(
    client,
    'subscriptions (newsletter, subscriber, state, wishes, consent_source, consent_at)',
    rows,
    (number) => ['weekly', number, 'active', '*', 'sign-up form', 0].join('\t'),
  );
  await client.query('commit');
  const seconds = (performance.now() - startedMs) / 1000;
  await client.end();
  return seconds;
}

interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  readonly stream: NodeJS.WritableStream & { readonly writableNeedDrain: boolean };
}

/** The driver's own part of COPY; it has no public way to it without another package. */
async function copy(client: pg.Client, into: string, rows: number, row: (number: number) => string): Promise<void> {
  const { connection } = client as unknown as { connection: CopyConnection };
  let begin = () => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  let end: (error?: Error) => void = () => {};
  const ended = new Promise<void>((resolve, reject) => {
    end = (error) => (error ? reject(error) : resolve());
  });
  const ignore = () => {};
  const submittable = {
    submit: () => connection.query(`copy ${into} from stdin`),
    handleCopyInResponse: () => begin(),
    handleError: (error: Error) => end(error),
    handleReadyForQuery: () => end(),
    handleCommandComplete: ignore,
    handleRowDescription: ignore,
    handleDataRow: ignore,
  };
  (client.query as unknown as (submitted: object) => void)(submittable);
  await begun;
  for (let number = 1; number <= rows; number += 1_000) {
    const lines = Array.from({ length: Math.min(1_000, rows - number + 1) }, (_, nth) => row(number + nth));
    connection.sendCopyFromChunk(Buffer.from(`${lines.join('\n')}\n`));
    if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain');
  }
  connection.endCopyFrom();
  await ended;
}
