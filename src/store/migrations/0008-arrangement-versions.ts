/** As what an issue had its arrangement: a file that was changed since is another one (rule: issue-by-hand). */
import type { Migration } from '../migration.js';

export const arrangementVersions: Migration = {
  name: '0008-arrangement-versions',
  async up(db) {
    await db.schema.alterTable('issues').addColumn('arrangement_version', 'text').execute();
  },
};
