/**
 * What the public pages cost: `npm run bench:web`, `-- --json`, `-- --quick`; a part of it by `--only=pages,growth,memory,sending,clicks`, one
 * database by `--engine=sqlite` or `--engine=postgres`. Each page against a bare handler of the same HTTP library,
 * with a small and a large archive, on SQLite and on Postgres (of DATABASE_URL, or one of its own); sending while pages are read; one-click
 * unsubscribing; and the memory of the process. Ratios hold where absolutes do not.
 */
import { openPostgres } from './databases.js';
import { fillPostgres, fillSqlite } from './web-archive.js';
import { benchOneClick } from './web-clicks.js';
import { getRequest, runLoad } from './web-load.js';
import { benchPages, comparePages, LEAST_NOT_MODIFIED, PAGES } from './web-pages.js';
import { startWebServer } from './web-process.js';
import { benchSending } from './web-sending.js';

const isJson = process.argv.includes('--json');
const isQuick = process.argv.includes('--quick');
const given = (name: string) => process.argv.find((each) => each.startsWith(`--${name}=`))?.split('=')[1];
const only = given('only')?.split(',');
const onlyEngine = given('engine');
const SECONDS = isQuick ? 0.7 : 3;
const SMALL = { deliveries: 1_000, issues: 5, posts: 100 };
const LARGE = isQuick
  ? { deliveries: 50_000, issues: 100, posts: 3_000 }
  : { deliveries: 1_000_000, issues: 520, posts: 15_000 };
const REQUESTS = isQuick ? 20_000 : 200_000;
const say = (text: string) => (isJson ? undefined : console.log(text));
const isWanted = (part: string) => only === undefined || only.includes(part);
const isOn = (engine: string) => onlyEngine === undefined || onlyEngine === engine;

const postgres = !isOn('postgres')
  ? undefined
  : await openPostgres().catch((error: Error) => {
      say(`No bench of Postgres: ${error.message} Set DATABASE_URL to use a server of yours.`);
      return undefined;
    });

async function benchEngine(engine: 'sqlite' | 'postgres') {
  say(`\n${engine}`);
  const fill = (size: typeof SMALL) =>
    engine === 'postgres' && postgres ? fillPostgres(postgres, size) : fillSqlite(size);
  const small = isWanted('pages') || isWanted('growth') ? await fill(SMALL) : undefined;
  const large = isWanted('growth') || isWanted('memory') ? await fill(LARGE) : undefined;
  const pages = small && isWanted('pages') ? await benchPages(small.target, SECONDS, say) : undefined;
  if (pages) say(`longest hold of the event loop: ${pages.longestHoldMs.toFixed(1)} ms`);
  const growth = small && large && isWanted('growth') ? await comparePages([small.target, large.target], SECONDS) : [];
  for (const { name, ratio, ratioCpu } of growth)
    say(
      `${name.padEnd(14)} takes ${ratio.toFixed(2)} times as long with a large archive, ${ratioCpu.toFixed(2)} in CPU`,
    );
  const memory = large && isWanted('memory') ? await benchMemory(large.target) : undefined;
  if (memory)
    say(`memory: ${memory.afterFew.toFixed(0)} MB, and ${memory.afterMany.toFixed(0)} MB after ${REQUESTS} requests`);
  const sending = isWanted('sending') ? await benchSending(engine === 'postgres' ? postgres : undefined) : undefined;
  if (sending)
    say(
      `sending: ${sending.alone.toFixed(0)}/s, ${sending.at200.toFixed(2)} of it beside 200 pages/s, ${sending.at20Clients.toFixed(2)} beside 20 clients`,
    );
  await small?.remove();
  await large?.remove();
  return {
    pages: pages?.pages,
    notModified: pages?.notModified,
    longestHoldMs: pages?.longestHoldMs,
    growth,
    memory,
    sendingWhileBrowsed: sending,
  };
}

/** Mixed requests: every page, many issues, wrong links. */
async function benchMemory(database: string) {
  const server = await startWebServer({ mode: 'gazette', database });
  const paths = Object.values(PAGES).map(({ path }) => path);
  const request = (turn: number) => {
    const kind = turn % 4;
    if (kind === 0) return getRequest(`/archive/weekly/${1 + (turn % 500)}`, ['Accept-Encoding: gzip, br']);
    if (kind === 1) return getRequest(`/u/wrong-${turn}`);
    return getRequest(paths[turn % paths.length] ?? '/', kind === 2 ? ['Accept-Encoding: br'] : []);
  };
  const load = (answers: number, from: number) =>
    runLoad({ port: server.port, clients: 20, answers, request: (turn) => request(from + turn) });
  await load(2_000, 0);
  const afterFew = await server.memoryMb();
  await load(REQUESTS - 2_000, 2_000);
  const afterMany = await server.memoryMb();
  await server.stop();
  return { afterFew, afterMany };
}

const sqlite = isOn('sqlite') ? await benchEngine('sqlite') : undefined;
const onPostgres = postgres ? await benchEngine('postgres') : undefined;
await postgres?.stop();
const oneClick = isWanted('clicks') ? await benchOneClick(say) : undefined;

const misses = Object.entries({ sqlite, postgres: onPostgres }).flatMap(([name, engine]) => {
  if (!engine) return [];
  const { sendingWhileBrowsed: sending, memory, longestHoldMs = 0 } = engine;
  return [
    ...(engine.pages ?? []).flatMap((page) =>
      page.vsBare < (PAGES[page.name]?.least ?? 0) ? [`${name} ${page.name}: ${page.vsBare.toFixed(2)} of bare`] : [],
    ),
    ...(engine.notModified && engine.notModified.vsBare < LEAST_NOT_MODIFIED ? [`${name} 304`] : []),
    ...engine.growth.flatMap((page) =>
      page.ratio > 1.2 ? [`${name} ${page.name} grows by ${page.ratio.toFixed(2)}`] : [],
    ),
    ...(sending && sending.at200 < 0.85
      ? [`${name} sending beside 200 pages a second: ${sending.at200.toFixed(2)}`]
      : []),
    ...(sending && sending.at20Clients < 0.4
      ? [`${name} sending beside 20 clients: ${sending.at20Clients.toFixed(2)}`]
      : []),
    ...(longestHoldMs > 20 ? [`${name} holds the event loop for ${longestHoldMs.toFixed(0)} ms`] : []),
    ...(memory && memory.afterMany - memory.afterFew > 20 ? [`${name} memory grows`] : []),
  ];
});
if (oneClick && (oneClick.lost > 0 || oneClick.vsBare < 0.5)) misses.push(`one click: ${oneClick.vsBare.toFixed(2)}`);
if (isJson) console.log(JSON.stringify({ ...sqlite, postgres: onPostgres, oneClick, misses }));
else say(misses.length === 0 ? '\nEvery bar is reached.' : `\nMissed: ${misses.join('; ')}`);
process.exitCode = misses.length === 0 ? 0 : 1;
