/** One table of small values that every process on the store shares: the pace of a transport, the mark of a copy. */
import type { Migration } from '../migration.js';

export const sharedState: Migration = {
  name: '0002-shared-state',
  async up(db) {
    await db.schema
      .createTable('shared_state')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute();
  },
};
