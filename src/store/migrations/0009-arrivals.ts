/** With which issue a reader came to the newsletter they changed to: cancelled before its first message, it gives them back. */
import type { Migration } from '../migration.js';

export const arrivals: Migration = {
  name: '0009-arrivals',
  async up(db) {
    await db.schema.alterTable('switches').addColumn('arrived_with', 'integer').execute();
  },
};
