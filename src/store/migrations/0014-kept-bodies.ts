/** What each body was read from, and why it could not be read: bodies are read when an issue may carry their post. */
import type { Migration } from '../migration.js';

export const keptBodies: Migration = {
  name: '0014-kept-bodies',
  async up(db) {
    await db.schema
      .alterTable('post_bodies')
      .addColumn('body_key', 'text', (column) => column.notNull().defaultTo(''))
      .execute();
    await db.schema.alterTable('post_bodies').addColumn('broken', 'text').execute();
  },
};
