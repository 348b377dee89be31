/** What came back after acceptance: one row for each report, which is what makes taking it twice count once. */
import type { Migration } from '../migration.js';

export const feedback: Migration = {
  name: '0023-feedback',
  async up(db) {
    await db.schema
      .createTable('feedback')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('taken_at', 'bigint', (column) => column.notNull())
      .addColumn('happened_at', 'bigint')
      .addColumn('tie', 'text', (column) => column.notNull())
      .addColumn('issue', 'integer')
      .addColumn('subscriber', 'integer')
      .addColumn('domain', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('bounce', 'text')
      .addColumn('code', 'integer')
      .addColumn('enhanced', 'text')
      .addColumn('text', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('feedback_by_issue').on('feedback').columns(['issue', 'kind', 'bounce']).execute();
    await db.schema.createIndex('feedback_by_subscriber').on('feedback').column('subscriber').execute();
    await db.schema.createIndex('feedback_by_time').on('feedback').column('taken_at').execute();
  },
};
