/** Databases with an archive of any size, filled by SQL alone: the same statements on SQLite and Postgres. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import pg from 'pg';
import { openStore } from '../../src/store/index.js';
import type { BenchPostgres } from './databases.js';
import { digestOf } from './populate.js';

export interface ArchiveSize {
  readonly deliveries: number;
  readonly issues: number;
  readonly posts: number;
}

export interface FilledDatabase {
  readonly target: string;
  remove(): Promise<void>;
}

const POSTS_AN_ISSUE = 10;
const KILOBYTES = 42;
const AT = Date.parse('2026-06-15T07:00:00Z');
const WEEK_MS = 7 * 86_400_000;

export async function fillSqlite(size: ArchiveSize): Promise<FilledDatabase> {
  const target = join(await mkdtemp(join(tmpdir(), 'gazette-bench-')), 'gazette.db');
  await (await openStore(target)).close();
  const db = new DatabaseSync(target);
  db.exec('begin');
  for (const statement of statementsFor(size)) db.exec(statement);
  db.exec('commit; analyze; pragma wal_checkpoint(truncate)');
  db.close();
  return { target, remove: async () => undefined };
}

export async function fillPostgres(postgres: BenchPostgres, size: ArchiveSize): Promise<FilledDatabase> {
  const { url, remove } = await postgres.fresh();
  await (await openStore(url)).close();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statementsFor(size)) await client.query(statement);
  await client.query('analyze');
  await client.end();
  return { target: url, remove };
}

/** Readers get the newest issue; what is left of the deliveries belongs to the others. */
function statementsFor({ deliveries, issues, posts }: ArchiveSize): readonly string[] {
  const readers = Math.ceil(deliveries / 2);
  const numbers = (most: number) => `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${most})`;
  const text = (value: unknown) => `'${JSON.stringify(value).replaceAll("'", "''")}'`;
  const published = `${AT} - (${posts} - i) * cast(3600000 as bigint)`;
  const iso = `'2026-06-01T00:00:00.000Z'`;
  const head = `'{"source":"blog","keys":{"path":"p' || i || '.md"},"title":"Post number ' || i || '","url":"https://blog.example.org/' || i ||
    '/","publishedAt":"' || ${iso} || '","draft":false,"authors":["Ann"],"categories":["' ||
    case when i % 2 = 0 then 'chemistry' else 'software' end || '"],"bodyHash":"' || i || '","place":"p' || i || '.md"}'`;
  const body = text([
    { type: 'element', tagName: 'p', properties: {}, children: [{ type: 'text', value: 'A post. '.repeat(60) }] },
  ]);
  const issuePosts = (issue: number) =>
    text(
      Array.from({ length: POSTS_AN_ISSUE }, (_, nth) => {
        const uid = `p${1 + ((issue * POSTS_AN_ISSUE + nth) % posts)}`;
        return { uid, id: uid, title: `Post ${uid}`, url: `https://blog.example.org/${uid}/`, section: 'chemistry' };
      }),
    );
  const mail = text({ subject: ['Chemistry'], preheader: 'New', ...digestOf(KILOBYTES) });
  const rows = Array.from({ length: issues }, (_, index) => index + 1);
  return [
    `${numbers(readers)} insert into subscribers (id, address, address_key, name, language, erased)
      select i, 'reader-' || i || '@example.com', 'reader-' || i || '@example.com', 'Reader ' || i, null, 0 from n`,
    `${numbers(readers)} insert into subscriptions (newsletter, subscriber, state, wishes, consent_source, consent_at)
      select 'weekly', i, 'active', '*', 'bench', 0 from n`,
    `insert into sources (name, first_collected_at) values ('blog', 0)`,
    `${numbers(posts)} insert into posts (uid, source, head, published_at) select 'p' || i, 'blog', ${head}, ${published} from n`,
    `${numbers(posts)} insert into post_bodies (uid, body) select 'p' || i, ${body} from n`,
    `${numbers(posts)} insert into post_keys (source, kind, value, uid)
      select 'blog', 'url', 'https://blog.example.org/' || i || '/', 'p' || i from n`,
    ...rows.map(
      (
        number,
      ) => `insert into issues (id, uid, newsletter, number, occurrence, manual, since, until, state, frozen_at, title,
        sender_name, sender_address, in_doubt, posts, held_over) values (${number}, '${number}', 'weekly', ${number},
        ${AT - (issues - number) * WEEK_MS}, 0, 0, ${AT - (issues - number) * WEEK_MS}, 'done', 0, 'Notes', 'Notes',
        'digest@fourth-floor.example.org', 'resend', ${issuePosts(number)}, 0)`,
    ),
    ...rows.map(
      (
        number,
      ) => `insert into editions (id, issue, key, language, direction, sections, posts, mail, html_bytes, post_count)
        values (${number}, ${number}, 'everything', 'en', 'ltr', '["chemistry"]', ${issuePosts(number)}, ${mail}, 42000, 10)`,
    ),
    ...[[issues, readers], ...rows.slice(0, -1).map((number) => [number, Math.floor(readers / (issues - 1))])].map(
      ([
        issue,
        count,
      ]) => `${numbers(count ?? 1)} insert into deliveries (issue, subscriber, edition, state, due_at, attempts,
        deferrals, doubts, begun_at, settled_at, reply_code, reply_text)
        select ${issue}, i, ${issue}, 'accepted', 0, 1, 0, 0, 0, 0, 250, 'ok' from n`,
    ),
  ];
}
