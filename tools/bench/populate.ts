/** Databases with many readers for measuring, filled by SQL alone so that making them costs nothing to speak of. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import pg from 'pg';
import { NOT_SHORTENED } from '../../src/domain/digest.js';
import type { Segments } from '../../src/domain/edition.js';
import type { Issue } from '../../src/domain/issue.js';
import type { FreezePlan } from '../../src/domain/ports/ledger.js';
import type { Store } from '../../src/domain/ports/storage.js';
import { openPostgresStore, openSqliteStore } from '../../src/store/index.js';
import { AT, aMergeField } from '../../test/support/deliver-messages.js';

/** Fills an empty Postgres with `readers` active readers of `weekly`. */
export async function populatePostgres(url: string, readers: number): Promise<void> {
  await (await openPostgresStore({ url })).close();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`insert into subscribers (id, address, address_key, name, language, erased)
    select i, 'reader-' || i || '@example.com', 'reader-' || i || '@example.com', 'Reader ' || i, null, 0
    from generate_series(1, ${readers}) i`);
  await client.query(`insert into subscriptions (newsletter, subscriber, state, wishes, consent_source, consent_at)
    select 'weekly', i, 'active', '*', 'bench', 0 from generate_series(1, ${readers}) i`);
  await client.query('analyze');
  await client.end();
}

/** A fresh database file with `readers` active readers of `weekly`; its path. */
export async function populate(readers: number): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'gazette-bench-')), 'gazette.db');
  await (await openSqliteStore({ path })).close();
  const db = new DatabaseSync(path);
  const numbers = `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${readers})`;
  db.exec('pragma journal_mode = wal; begin');
  db.exec(`${numbers} insert into subscribers (id, address, address_key, name, language, erased)
    select i, 'reader-' || i || '@example.com', 'reader-' || i || '@example.com', 'Reader ' || i, null, 0 from n`);
  db.exec(`${numbers} insert into subscriptions (newsletter, subscriber, state, wishes, consent_source, consent_at)
    select 'weekly', i, 'active', '*', 'bench', 0 from n`);
  db.exec('commit; pragma wal_checkpoint(truncate)');
  db.close();
  return path;
}

/** What one edition of so many kilobytes of HTML holds: paragraphs, and holes as a digest has them. */
export function digestOf(kilobytes: number): { readonly html: Segments; readonly text: Segments } {
  const paragraph =
    '<p style="margin:0 0 16px;font-size:16px;line-height:24px">A post about chemistry, and why it “matters”, read on.</p>\n';
  const html: Segments = [
    '<html><body><p>Hello ',
    aMergeField('name', 'html'),
    '</p>',
    paragraph.repeat(Math.ceil((kilobytes * 1000) / Buffer.byteLength(paragraph))),
    '<a href="',
    aMergeField('webUrl', 'html'),
    '">web</a> <a href="',
    aMergeField('preferencesUrl', 'html'),
    '">wishes</a> <a href="',
    aMergeField('unsubscribeUrl', 'html'),
    '">leave</a></body></html>\n',
  ];
  const line = 'A post about chemistry.\nhttps://blog.example.org/a-post/\n\n';
  const lines = line.repeat(Math.ceil((kilobytes * 60) / line.length));
  return {
    html,
    text: [
      'Hello ',
      aMergeField('name', 'text'),
      '\n\n',
      lines,
      'Leave: ',
      aMergeField('unsubscribeUrl', 'text'),
      '\n',
    ],
  };
}

/** The plan of an issue that carries this digest to every reader. */
export function planOf({ html, text }: ReturnType<typeof digestOf>, head: string): FreezePlan {
  const post = { uid: 'post', id: 'post', title: 'A post', section: 'chemistry' };
  return {
    newsletter: 'weekly',
    head,
    issue: {
      uid: '0123456789abcdef0123456789abcdef',
      newsletter: 'weekly',
      number: 1,
      occurrence: AT,
      manual: true,
      window: { since: new Date(AT.getTime() - 1), until: AT },
      frozenAt: AT,
      title: 'Notes from the Fourth Floor',
      sender: { name: 'Notes from the Fourth Floor', address: 'digest@fourth-floor.example.org' },
      onUnknownOutcome: 'resend',
      posts: [post],
      carriedOver: 0,
    },
    editions: [
      {
        key: 'everything',
        language: 'en',
        direction: 'ltr',
        sections: [{ key: 'chemistry', title: 'Chemistry', posts: [] }],
        mail: { subject: ['Chemistry: two new posts'], preheader: 'Two new posts', html, text },
        clip: NOT_SHORTENED,
      },
    ],
    routes: [{ group: { preferences: '*' }, edition: 'everything' }],
    compose: () => Promise.reject(new Error('All readers want everything.')),
    outcomes: [],
  };
}

export async function frozenIssue(store: Store, kilobytes: number): Promise<Issue> {
  const { head } = await store.ledger.memory('weekly');
  const result = await store.ledger.freeze(planOf(digestOf(kilobytes), head));
  if (result.kind !== 'frozen') throw new Error(`The issue was not frozen: ${result.kind}.`);
  return result.issue;
}
