/**
 * What was read is kept: what each body was made from and why it could not be read, what each file gave, and a name for what a
 * source listed.
 */
import { sql } from 'kysely';
import type { Migration } from '../migration.js';

export const keptReadings: Migration = {
  name: '0014-kept-readings',
  async up(db, engine) {
    await db.schema
      .alterTable('post_bodies')
      .addColumn('body_key', 'text', (column) => column.notNull().defaultTo(''))
      .execute();
    await db.schema.alterTable('post_bodies').addColumn('broken', 'text').execute();
    await db.schema.alterTable('sources').addColumn('listing', 'text').execute();
    const looks = db.schema.createTable('file_looks');
    await (engine === 'sqlite' ? looks.modifyEnd(sql`without rowid`) : looks)
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('path', 'text', (column) => column.notNull())
      .addColumn('version', 'text', (column) => column.notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('reading', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('file_looks_pk', ['source', 'path'])
      .execute();
    await db.schema
      .createIndex('posts_not_news')
      .on('posts')
      .columns(['source', 'published_at'])
      .where(sql`news_at`, 'is', null)
      .execute();
    await db.schema.createIndex('post_outcomes_by_kind').on('post_outcomes').columns(['newsletter', 'kind']).execute();
    await sql`create index posts_by_news on posts (source, (coalesce(news_at, published_at)))`.execute(db);
  },
};
