/** What the public pages ask for, ready to be read by key and by page: the posts of each section, and the ones that are gone. */
import { sql } from 'kysely';
import type { Migration } from '../migration.js';

export const archive: Migration = {
  name: '0016-archive',
  async up(db, engine) {
    const { schema } = db;
    await schema
      .createTable('archive_posts')
      .addColumn('newsletter', 'text', (column) => column.notNull())
      .addColumn('section', 'text', (column) => column.notNull())
      .addColumn('published_at', 'bigint', (column) => column.notNull())
      .addColumn('uid', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'bigint')
      .addPrimaryKeyConstraint('archive_posts_pk', ['newsletter', 'section', 'published_at', 'uid'])
      .execute();
    await schema.createIndex('archive_posts_by_uid').on('archive_posts').column('uid').execute();
    await schema
      .createTable('archive_gone')
      .addColumn('uid', 'text', (column) => column.primaryKey())
      .addColumn('gone_at', 'bigint', (column) => column.notNull())
      .execute();
    await schema
      .createTable('archive_stale')
      .addColumn('uid', 'text', (column) => column.primaryKey())
      .execute();
    await schema
      .createTable('archive_settings')
      .addColumn('newsletter', 'text', (column) => column.primaryKey())
      .addColumn('settings', 'text', (column) => column.notNull())
      .execute();
    // The pages of the archive skip issues without reading their rows.
    await schema
      .createIndex('issues_by_publication')
      .on('issues')
      .columns(['newsletter', 'number', 'state', 'released', 'id'])
      .execute();
    await schema
      .createIndex('issues_unfinished')
      .on('issues')
      .columns(['newsletter', 'id'])
      .where(sql`state`, 'in', sql`('sending', 'paused')`)
      .execute();
    await schema.createIndex('switches_by_subscriber').on('switches').column('subscriber').execute();
    await schema
      .alterTable('editions')
      .addColumn('post_count', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    const posts = engine === 'sqlite' ? sql`json_array_length(posts)` : sql`json_array_length(posts::json)`;
    await sql`update editions set post_count = ${posts}`.execute(db);
    await schema.createIndex('editions_by_posts').on('editions').columns(['issue', 'post_count', 'language']).execute();
  },
};
