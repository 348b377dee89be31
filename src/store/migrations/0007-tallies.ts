/** What became of the readers of an issue whose rows are not kept any more. */
import type { Migration } from '../migration.js';

export const tallies: Migration = {
  name: '0007-tallies',
  async up(db) {
    await db.schema
      .createTable('tallies')
      .addColumn('issue', 'integer', (column) => column.primaryKey())
      .addColumn('counts', 'text', (column) => column.notNull())
      .execute();
  },
};
