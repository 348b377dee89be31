/** The table of what became of each post in a newsletter is named for what it holds. */
import type { Migration } from '../migration.js';

export const postOutcomes: Migration = {
  name: '0011-post-outcomes',
  async up(db) {
    await db.schema.alterTable('fates').renameTo('post_outcomes').execute();
  },
};
