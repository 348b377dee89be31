/** Which arrangement an issue had: it serves once (rule: issue-by-hand). */
import type { Migration } from '../migration.js';

export const arrangements: Migration = {
  name: '0004-arrangements',
  async up(db) {
    await db.schema.alterTable('issues').addColumn('arrangement', 'text').execute();
  },
};
