/** How fast each public page is answered, against a bare handler of the same HTTP library that has the same bytes in memory. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLinks } from '../../src/audience/links.js';
import { PUBLIC_URL, SECRETS } from '../../test/support/public-site.js';
import { median } from './median.js';
import { getRequest, type LoadResult, runLoad } from './web-load.js';
import { startWebServer, type WebServer } from './web-process.js';

const links = openLinks({ publicUrl: PUBLIC_URL, secrets: SECRETS });
const pathOf = (url: string) => new URL(url).pathname;

export interface BenchPage {
  readonly path: string;
  /** The page of each reader, where readers have their own. */
  readonly pathFor?: (reader: number) => string;
  readonly least: number;
}

/** Pages of so many readers are asked for in turn. */
const READERS = 200;

const ofReader = (url: (newsletter: string, reader: number) => string) => {
  const pathFor = (reader: number) => pathOf(url('weekly', reader));
  return { path: pathFor(1), pathFor };
};

/** Every public page, with the least part of the bare handler's pace it should reach. */
export const PAGES: { readonly [name: string]: BenchPage } = {
  home: { path: '/', least: 0.5 },
  archive: { path: '/archive/weekly', least: 0.5 },
  issue: { path: '/archive/weekly/1', least: 0.5 },
  category: { path: '/archive/weekly/category/chemistry', least: 0.5 },
  feed: { path: '/archive/weekly/feed.atom', least: 0.5 },
  categoryFeed: { path: '/archive/weekly/category/chemistry/feed.atom', least: 0.5 },
  signUp: { path: '/s/weekly', least: 0.5 },
  preferences: { ...ofReader(links.preferencesUrl), least: 0.2 },
  unsubscribe: { ...ofReader(links.unsubscribeUrl), least: 0.2 },
};
export const LEAST_NOT_MODIFIED = 0.7;

export interface PageResult {
  readonly name: string;
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly vsBare: number;
  /** The same in processor time of the two processes, which other work of the machine does not change. */
  readonly vsBareCpu: number;
  /** Processor time of an answer, in milliseconds. */
  readonly cpuMs: number;
}

export interface PagesResult {
  readonly pages: readonly PageResult[];
  readonly notModified: Omit<PageResult, 'name'>;
  readonly longestHoldMs: number;
}

const CLIENTS = 20;
const ROUNDS = 3;

/** The pages of a server on this database, in turns with a bare server. */
export async function benchPages(database: string, seconds: number, say: (text: string) => void): Promise<PagesResult> {
  const gazette = await startWebServer({ mode: 'gazette', database });
  const bare = await startWebServer({ mode: 'bare-pages', database: await copiedPages(gazette.port) });
  try {
    await gazette.longestHoldMs();
    const pages: PageResult[] = [];
    for (const [name, page] of Object.entries(PAGES)) {
      const bareRequest = getRequest(page.path);
      const requests = requestsOf(page);
      const result = await inTurns([gazette, bare], seconds, (server) => (server === 0 ? requests : () => bareRequest));
      pages.push({ name, ...result });
      say(`${name.padEnd(14)} ${shown(result)}`);
    }
    const { path } = PAGES.issue ?? { path: '/' };
    const tags = [await tagOf(gazette.port, path), '"bare"'];
    const notModified = await inTurns([gazette, bare], seconds, (server) => {
      const request = getRequest(path, [`If-None-Match: ${tags[server]}`]);
      return () => request;
    });
    say(`${'304'.padEnd(14)} ${shown(notModified)}`);
    return { pages, notModified, longestHoldMs: await gazette.longestHoldMs() };
  } finally {
    await gazette.stop();
    await bare.stop();
  }
}

export interface GrowthResult {
  readonly name: string;
  /** How many times as long a request takes on the second database; by the clock and in processor time. */
  readonly ratio: number;
  readonly ratioCpu: number;
}

/** Answers a second of each page: of one server after the other, several times. */
export async function comparePages(
  databases: readonly [string, string],
  seconds: number,
): Promise<readonly GrowthResult[]> {
  const servers = [
    await startWebServer({ mode: 'gazette', database: databases[0] }),
    await startWebServer({ mode: 'gazette', database: databases[1] }),
  ] as const;
  const ratios: GrowthResult[] = [];
  for (const [name, page] of Object.entries(PAGES)) {
    const { vsBare, vsBareCpu } = await inTurns(servers, seconds, () => requestsOf(page));
    ratios.push({ name, ratio: vsBare, ratioCpu: vsBareCpu });
  }
  for (const server of servers) await server.stop();
  return ratios;
}

function requestsOf({ path, pathFor }: BenchPage): (turn: number) => string {
  const ready = Array.from({ length: pathFor ? READERS : 1 }, (_, nth) => getRequest(pathFor?.(nth + 1) ?? path));
  return (turn) => ready[turn % ready.length] ?? '';
}

/** Of the first server, and its pace as a part of the second's; the middle of several rounds. */
async function inTurns(
  servers: readonly [WebServer, WebServer],
  seconds: number,
  requests: (server: number) => (turn: number) => string,
): Promise<Omit<PageResult, 'name'>> {
  type Loaded = LoadResult & { readonly cpuMs: number };
  const rounds: (readonly [Loaded, Loaded])[] = [];
  const load = async (server: number, forSeconds: number) => {
    const before = (await servers[server]?.cpuMs()) ?? 0;
    const result = await runLoad({
      port: servers[server]?.port ?? 0,
      clients: CLIENTS,
      seconds: forSeconds,
      request: requests(server),
    });
    const wrong = Object.keys(result.statuses).filter((status) => !['200', '304'].includes(status));
    if (wrong.length > 0)
      throw new Error(`Answered with ${JSON.stringify(result.statuses)}: ${requests(server)(0).split('\r\n')[0]}`);
    return { ...result, cpuMs: (((await servers[server]?.cpuMs()) ?? 0) - before) / result.answers };
  };
  for (const server of [0, 1]) await load(server, 0.5);
  for (let round = 0; round < ROUNDS; round += 1) rounds.push([await load(0, seconds), await load(1, seconds)]);
  return {
    perSecond: Math.round(median(rounds.map(([first]) => first.perSecond)) ?? 0),
    p99Ms: median(rounds.map(([first]) => first.p99Ms)) ?? 0,
    vsBare: median(rounds.map(([first, second]) => first.perSecond / second.perSecond)) ?? 0,
    vsBareCpu: median(rounds.map(([first, second]) => second.cpuMs / first.cpuMs)) ?? 0,
    cpuMs: median(rounds.map(([first]) => first.cpuMs)) ?? 0,
  };
}

async function copiedPages(port: number): Promise<string> {
  const pages: { [path: string]: { readonly type: string; readonly body: string } } = {};
  for (const { path } of Object.values(PAGES)) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'Accept-Encoding': 'identity' } });
    if (answer.status !== 200) throw new Error(`${path} is answered with ${answer.status}.`);
    pages[path] = { type: answer.headers.get('Content-Type') ?? '', body: await answer.text() };
  }
  const file = join(await mkdtemp(join(tmpdir(), 'gazette-bench-')), 'pages.json');
  await writeFile(file, JSON.stringify(pages));
  return file;
}

async function tagOf(port: number, path: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'Accept-Encoding': 'identity' } });
  await answer.arrayBuffer();
  return answer.headers.get('ETag') ?? '';
}

function shown({ perSecond, p99Ms, vsBare, vsBareCpu, cpuMs }: Omit<PageResult, 'name'>): string {
  const pace = `${String(perSecond).padStart(6)}/s, p99 ${p99Ms.toFixed(1)} ms, ${vsBare.toFixed(2)} of bare`;
  return `${pace}; ${cpuMs.toFixed(3)} ms CPU, ${vsBareCpu.toFixed(2)} of bare`;
}
