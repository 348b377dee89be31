/** The first tables: posts, the ledger and the audience. */
import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { Engine, Migration } from '../migration.js';

export const firstTables: Migration = {
  name: '0001-first-tables',
  async up(db, engine) {
    await createPosts(db, engine);
    await createAudience(db, engine);
    await createIssues(db, engine);
    await createDeliveries(db, engine);
  },
};

async function createPosts(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await db.schema
    .createTable('sources')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('first_collected_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('posts')
    .addColumn('uid', 'text', (column) => column.primaryKey())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('head', 'text', (column) => column.notNull())
    .addColumn('published_at', 'bigint', (column) => column.notNull())
    .addColumn('news_at', 'bigint')
    .addColumn('withdrawn_at', 'bigint')
    .addColumn('broken_where', 'text')
    .addColumn('broken_message', 'text')
    .execute();
  await db.schema.createIndex('posts_by_source').on('posts').columns(['source', 'published_at']).execute();
  await db.schema
    .createTable('post_bodies')
    .addColumn('uid', 'text', (column) => column.primaryKey().references('posts.uid'))
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await clustered(engine, db.schema.createTable('post_keys'))
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('uid', 'text', (column) => column.notNull().references('posts.uid'))
    .addPrimaryKeyConstraint('post_keys_pk', ['source', 'kind', 'value'])
    .execute();
}

async function createAudience(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await numbered(engine, db.schema.createTable('subscribers'))
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('address_key', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('language', 'text')
    .addColumn('erased', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  // Clustered by newsletter, then subscriber: a freeze reads one run of rows and writes deliveries in their own order.
  await clustered(engine, db.schema.createTable('subscriptions'))
    .addColumn('newsletter', 'text', (column) => column.notNull())
    .addColumn('subscriber', 'integer', (column) => column.notNull().references('subscribers.id'))
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('wishes', 'text', (column) => column.notNull())
    .addColumn('paused_until', 'bigint')
    .addColumn('consent_source', 'text', (column) => column.notNull())
    .addColumn('consent_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('subscriptions_pk', ['newsletter', 'subscriber'])
    .execute();
  await db.schema.createIndex('subscriptions_by_subscriber').on('subscriptions').column('subscriber').execute();
  await clustered(engine, db.schema.createTable('suppressions'))
    .addColumn('address_key', 'text', (column) => column.primaryKey())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('suppressed_at', 'bigint', (column) => column.notNull())
    .execute();
}

async function createIssues(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await db.schema
    .createTable('newsletters')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('head', 'integer', (column) => column.notNull())
    .execute();
  await numbered(engine, db.schema.createTable('issues'))
    .addColumn('uid', 'text', (column) => column.notNull().unique())
    .addColumn('newsletter', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('occurrence', 'bigint', (column) => column.notNull())
    .addColumn('manual', 'integer', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addColumn('until', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('frozen_at', 'bigint', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('sender_name', 'text', (column) => column.notNull())
    .addColumn('sender_address', 'text', (column) => column.notNull())
    .addColumn('reply_to', 'text')
    .addColumn('in_doubt', 'text', (column) => column.notNull())
    .addColumn('posts', 'text', (column) => column.notNull())
    .addColumn('held_over', 'integer', (column) => column.notNull())
    .addColumn('released', 'integer', (column) => column.notNull().defaultTo(0))
    .addUniqueConstraint('issues_by_number', ['newsletter', 'number'])
    .addUniqueConstraint('issues_by_occurrence', ['newsletter', 'occurrence'])
    .execute();
  await clustered(engine, db.schema.createTable('skips'))
    .addColumn('newsletter', 'text', (column) => column.notNull())
    .addColumn('occurrence', 'bigint', (column) => column.notNull())
    .addColumn('cutoff', 'bigint', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('recorded_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('skips_pk', ['newsletter', 'occurrence'])
    .execute();
  // One row for a newsletter and a post: no post can be carried twice (rule: freeze).
  await clustered(engine, db.schema.createTable('fates'))
    .addColumn('newsletter', 'text', (column) => column.notNull())
    .addColumn('uid', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('issue_number', 'integer')
    .addColumn('why', 'text')
    .addPrimaryKeyConstraint('fates_pk', ['newsletter', 'uid'])
    .execute();
}

async function createDeliveries(db: Kysely<unknown>, engine: Engine): Promise<void> {
  await numbered(engine, db.schema.createTable('editions'))
    .addColumn('issue', 'integer', (column) => column.notNull().references('issues.id'))
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('language', 'text', (column) => column.notNull())
    .addColumn('direction', 'text', (column) => column.notNull())
    .addColumn('sections', 'text', (column) => column.notNull())
    .addColumn('posts', 'text', (column) => column.notNull())
    .addColumn('mail', 'text', (column) => column.notNull())
    .addColumn('html_bytes', 'integer', (column) => column.notNull())
    .addUniqueConstraint('editions_by_key', ['issue', 'key'])
    .execute();
  await clustered(engine, db.schema.createTable('routes'))
    .addColumn('issue', 'integer', (column) => column.notNull())
    .addColumn('wishes', 'text', (column) => column.notNull())
    .addColumn('language', 'text', (column) => column.notNull())
    .addColumn('edition', 'integer')
    .addPrimaryKeyConstraint('routes_pk', ['issue', 'wishes', 'language'])
    .execute();
  // No foreign keys: a freeze writes a row per reader from these very tables, and neither side is ever deleted.
  await clustered(engine, db.schema.createTable('deliveries'))
    .addColumn('issue', 'integer', (column) => column.notNull())
    .addColumn('subscriber', 'integer', (column) => column.notNull())
    .addColumn('edition', 'integer')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addColumn('owner', 'text')
    .addColumn('lease_until', 'bigint')
    .addColumn('begun_at', 'bigint')
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('deferrals', 'integer', (column) => column.notNull())
    .addColumn('doubts', 'integer', (column) => column.notNull())
    .addColumn('reply_code', 'integer')
    .addColumn('reply_enhanced', 'text')
    .addColumn('reply_text', 'text')
    .addColumn('settled_at', 'bigint')
    .addPrimaryKeyConstraint('deliveries_pk', ['issue', 'subscriber'])
    .execute();
  // Partial: a settled row, and at the end every row is one, stands in no index at all.
  await db.schema
    .createIndex('deliveries_planned')
    .on('deliveries')
    .columns(['issue', 'due_at', 'subscriber'])
    .where(sql`state`, '=', sql`'planned'`)
    .execute();
  await db.schema
    .createIndex('deliveries_claimed')
    .on('deliveries')
    .columns(['issue', 'lease_until', 'owner', 'subscriber'])
    .where(sql`state`, '=', sql`'claimed'`)
    .execute();
  await db.schema
    .createIndex('deliveries_attempted')
    .on('deliveries')
    .columns(['issue', 'owner', 'lease_until', 'subscriber'])
    .where(sql`state`, '=', sql`'attempted'`)
    .execute();
  await clustered(engine, db.schema.createTable('attempts'))
    .addColumn('issue', 'integer', (column) => column.notNull())
    .addColumn('subscriber', 'integer', (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('begun_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('scope', 'text')
    .addColumn('code', 'integer')
    .addColumn('enhanced', 'text')
    .addColumn('text', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('attempts_pk', ['issue', 'subscriber', 'attempt'])
    .execute();
}

type Table = CreateTableBuilder<string, never>;

/** An `id` that counts up and is never given twice. */
function numbered(engine: Engine, table: Table): Table {
  return table.addColumn('id', 'integer', (column) =>
    engine === 'sqlite' ? column.primaryKey().autoIncrement() : column.primaryKey().generatedByDefaultAsIdentity(),
  );
}

/** A table kept in the order of its primary key, where the database can. */
function clustered(engine: Engine, table: Table): Table {
  return engine === 'sqlite' ? table.modifyEnd(sql`without rowid`) : table;
}
