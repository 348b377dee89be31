/** What sending keeps of its pace while pages are read from the same process. */
import { openStore } from '../../src/store/index.js';
import type { BenchPostgres } from './databases.js';
import { frozenIssue, populate, populatePostgres } from './populate.js';
import { openSink } from './sink.js';
import { getRequest, runLoad } from './web-load.js';
import { PAGES } from './web-pages.js';
import { startWebServer } from './web-process.js';

export interface SendingResult {
  readonly alone: number;
  /** With so many pages a second, and with twenty clients as fast as they can; parts of the pace alone. */
  readonly at200: number;
  readonly at20Clients: number;
  readonly longestHoldMs: number;
}

const READERS = 12_000;
const KILOBYTES = 42;
const PATHS = ['home', 'archive', 'issue', 'signUp', 'feed'].map((name) => PAGES[name]?.path ?? '/');

export async function benchSending(postgres: BenchPostgres | undefined): Promise<SendingResult> {
  const alone = await oneRun(postgres, undefined);
  const slow = await oneRun(postgres, { clients: 20, perSecond: 200 });
  const fast = await oneRun(postgres, { clients: 20 });
  return {
    alone: alone.perSecond,
    at200: slow.perSecond / alone.perSecond,
    at20Clients: fast.perSecond / alone.perSecond,
    longestHoldMs: Math.max(slow.longestHoldMs, fast.longestHoldMs),
  };
}

interface Reading {
  readonly clients: number;
  readonly perSecond?: number;
}

async function oneRun(postgres: BenchPostgres | undefined, reading: Reading | undefined) {
  const fresh = await postgres?.fresh();
  if (fresh) await populatePostgres(fresh.url, READERS);
  const database = fresh?.url ?? (await populate(READERS));
  const store = await openStore(database);
  await frozenIssue(store, KILOBYTES);
  await store.close();
  const sink = await openSink();
  const server = await startWebServer({ mode: 'gazette', database });
  const end = new AbortController();
  const read = { port: server.port, signal: end.signal };
  const turns = (turn: number) => getRequest(PATHS[turn % PATHS.length] ?? '/');
  await runLoad({ ...read, clients: 1, answers: 2 * PATHS.length, request: turns });
  await server.longestHoldMs();
  const load = reading && runLoad({ ...read, ...reading, request: turns });
  const perSecond = await server.send(sink.port);
  end.abort();
  await load;
  const longestHoldMs = await server.longestHoldMs();
  await server.stop();
  sink.close();
  await fresh?.remove();
  return { perSecond, longestHoldMs };
}
