/**
 * What thousands of editions cost, against the same issue with one edition a language, in one run: `npm run bench:editions`, `-- --json`,
 * `-- --quick` (one theme and language, fewer readers). On Postgres as well where one starts, or the one of `DATABASE_URL`.
 * In parts: `--theme`, `--languages` and `--engine` choose among the rows, `--readers` sets their number.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { DatabaseSync } from '@photostructure/sqlite';
import pg from 'pg';
import { openPostgresStore, openSqliteStore } from '../../src/store/index.js';
import { startPostgres } from '../../test/support/postgres.js';
import { seededRandom } from '../support/seeded-random.js';
import { openSink, type Sink } from './sink.js';

const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    theme: { type: 'string', multiple: true },
    languages: { type: 'string', multiple: true },
    engine: { type: 'string', multiple: true },
    readers: { type: 'string' },
  },
});
const CATEGORIES = 12;
const POSTS_EACH = 3;
const READERS = Number(given.readers ?? (given.quick ? 10_000 : 40_000));
const THEMES = given.theme ?? (given.quick ? ['plain'] : ['plain', 'magazine']);
const LANGUAGES = (given.languages ?? (given.quick ? ['1'] : ['1', '2'])).map(Number);
const ENGINES = (['sqlite', 'postgres'] as const).filter((engine) => given.engine?.includes(engine) ?? true);
const KEYS = Array.from({ length: CATEGORIES }, (_, nth) => `topic-${String(nth + 1).padStart(2, '0')}`);

interface Step {
  readonly ms: number;
  readonly cpuMs: number;
  readonly peakMb: number;
  /** The longest that the event loop was held. */
  readonly heldMs: number;
}
interface Run {
  readonly editions: number;
  readonly first: { readonly ms: number };
  readonly plan: Step;
  readonly freeze: Step;
  readonly send: Step & { readonly perSecond: number };
  readonly bytes: number;
}

const root = await mkdtemp(join(tmpdir(), 'gazette-bench-editions-'));
const sink = await openSink();
const postgres = ENGINES.includes('postgres') ? await startPostgres().catch(() => undefined) : undefined;
try {
  const rows = [];
  for (const theme of THEMES) {
    for (const languages of LANGUAGES) {
      const folder = await workspace(theme, languages);
      for (const engine of ENGINES.filter((each) => each === 'sqlite' || postgres)) {
        const one = await run(folder, await database(engine, languages, false), sink);
        const many = await run(folder, await database(engine, languages, true), sink);
        const row = { theme, engine, ...rowFrom(languages, one, many) };
        rows.push(row);
        if (!given.json) console.log(row);
      }
    }
  }
  if (given.json) process.stdout.write(`${JSON.stringify(rows)}\n`);
} finally {
  sink.close();
  await postgres?.stop();
  await rm(root, { recursive: true, force: true });
}

/** Ratios of processor time, which other programs on the machine distort less than the time that passes; sending waits for a server. */
function rowFrom(languages: number, one: Run, many: Run) {
  const more = many.editions - one.editions;
  const ratio = (of: (run: Run) => number) => Math.round((of(many) / of(one)) * 100) / 100;
  return {
    categories: CATEGORIES,
    posts: CATEGORIES * POSTS_EACH,
    languages,
    readers: READERS,
    editions: many.editions,
    cpuMsPerEdition: Math.round(((many.freeze.cpuMs - one.freeze.cpuMs) / more) * 100) / 100,
    planVsOne: ratio(({ plan }) => plan.cpuMs),
    freezeVsOne: ratio(({ freeze }) => freeze.cpuMs),
    peakMbOverOne: Math.round(
      Math.max(many.freeze.peakMb, many.plan.peakMb) - Math.max(one.freeze.peakMb, one.plan.peakMb),
    ),
    bytesPerEdition: Math.round((many.bytes - one.bytes) / more),
    sendRateVsOne: ratio(({ send }) => send.perSecond),
    /** The same by processor time, which says more on a busy machine: at least as much as the rate on a quiet one. */
    sendRateVsOneByCpu: Math.round((one.send.cpuMs / many.send.cpuMs) * 100) / 100,
    /** Milliseconds that the event loop was held at most, with one edition and with all. */
    heldMs: [one, many].map(({ freeze }) => Math.round(freeze.heldMs)),
    cpuMs: [one, many].map(({ plan, freeze, send }) => [plan, freeze, send].map(({ cpuMs }) => Math.round(cpuMs))),
    peakMb: [one, many].map(({ plan, freeze, send }) => [plan, freeze, send].map(({ peakMb }) => Math.round(peakMb))),
    seconds: [one, many].map(({ plan, freeze, send }) =>
      [plan, freeze, send].map(({ ms }) => Math.round(ms / 100) / 10),
    ),
    perSecond: [one, many].map(({ send }) => Math.round(send.perSecond)),
  };
}

async function run(folder: string, at: string, { port }: Sink): Promise<Run> {
  const script = fileURLToPath(new URL('editions-run.ts', import.meta.url));
  const args = ['--expose-gc', '--import', 'tsx', script, folder, at, String(port)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1e8 });
  return JSON.parse(stdout) as Run;
}

/** A database of readers, with random choices of categories or with none. */
async function database(engine: 'sqlite' | 'postgres', languages: number, isMany: boolean): Promise<string> {
  const target = engine === 'postgres' && postgres ? await postgres.freshUrl() : join(root, `${Math.random()}.db`);
  await (
    await (engine === 'postgres' ? openPostgresStore({ url: target }) : openSqliteStore({ path: target }))
  ).close();
  const next = seededRandom(7);
  const rows = Array.from({ length: READERS }, (_, index) => {
    const chosen = KEYS.filter(() => next() < 0.5);
    const wishes = isMany ? (chosen.length === 0 ? KEYS : chosen).join(',') : '*';
    return { id: index + 1, wishes, language: languages === 2 && index % 2 === 1 ? 'de' : null };
  });
  if (engine === 'postgres') await fillPostgres(target, rows);
  else fillSqlite(target, rows);
  return target;
}

interface ReaderRow {
  readonly id: number;
  readonly wishes: string;
  readonly language: string | null;
}

function fillSqlite(path: string, rows: readonly ReaderRow[]): void {
  const db = new DatabaseSync(path);
  db.exec('begin');
  const person = db.prepare(
    "insert into subscribers (id, address, address_key, name, language, erased) values (?, 'reader-' || ?1 || '@example.com', 'reader-' || ?1 || '@example.com', 'Reader ' || ?1, ?2, 0)",
  );
  const reads = db.prepare(
    "insert into subscriptions (newsletter, subscriber, state, wishes, consent_source, consent_at) values ('weekly', ?, 'active', ?, 'bench', 0)",
  );
  for (const { id, wishes, language } of rows) {
    person.run(id, language);
    reads.run(id, wishes);
  }
  db.exec('commit; pragma wal_checkpoint(truncate)');
  db.close();
}

async function fillPostgres(url: string, rows: readonly ReaderRow[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const all = JSON.stringify(rows);
  const from = 'from json_to_recordset($1::json) as r(id int, wishes text, language text)';
  await client.query(
    `insert into subscribers (id, address, address_key, name, language, erased)
      select id, 'reader-' || id || '@example.com', 'reader-' || id || '@example.com', 'Reader ' || id, language, 0 ${from}`,
    [all],
  );
  await client.query(
    `insert into subscriptions (newsletter, subscriber, state, wishes, consent_source, consent_at)
      select 'weekly', id, 'active', wishes, 'bench', 0 ${from}`,
    [all],
  );
  await client.query('analyze');
  await client.end();
}

async function workspace(theme: string, languages: number): Promise<string> {
  const folder = join(root, `${theme}-${languages}`);
  await mkdir(join(folder, 'content', 'posts'), { recursive: true });
  await mkdir(join(folder, 'content', 'newsletters'), { recursive: true });
  await writeFile(
    join(folder, 'content', 'sources.yaml'),
    'blog:\n  kind: markdown\n  dir: posts\n  site: https://blog.example.org\n  url: /:year/:month/:day/:slug/\n  timezone: UTC\n',
  );
  await writeFile(
    join(folder, 'content', 'newsletters', 'weekly.yaml'),
    `id: weekly\ntitle: Notes\nlanguage: en\ntimezone: UTC\nschedule: "0 8 * * 1"\nsources: [blog]\ncategories: [${KEYS.join(', ')}]\ntheme: ${theme}\nmaxPosts: 40\nsender:\n  name: Notes\n  address: notes@example.org\npostalAddress: 1 Example Street\n`,
  );
  const now = Date.now();
  for (const [place, key] of KEYS.entries()) {
    for (let nth = 0; nth < POSTS_EACH; nth += 1) {
      const date = new Date(now - (place * POSTS_EACH + nth + 1) * 3_600_000);
      const paragraph = `A paragraph of post ${nth} of ${key} with *emphasis*, \`code\` and [a link](https://example.org/${key}/${nth}). `;
      await writeFile(
        join(folder, 'content', 'posts', `${key}-${nth}.md`),
        `---\ntitle: Post ${nth} of ${key}\ndate: ${date.toISOString()}\ncategories: [${key}]\n---\n\n${paragraph.repeat(3)}\n\n${paragraph.repeat(6)}\n`,
      );
    }
  }
  return folder;
}
