/**
 * What several editions of an issue share is kept once; an edition refers to it. Editions of earlier issues hold everything
 * themselves, and are read as they are.
 */
import type { Migration } from '../migration.js';

export const pieces: Migration = {
  name: '0015-pieces',
  async up(db, engine) {
    await db.schema
      .createTable('pieces')
      .addColumn('id', 'integer', (column) =>
        engine === 'sqlite' ? column.primaryKey().autoIncrement() : column.primaryKey().generatedByDefaultAsIdentity(),
      )
      .addColumn('issue', 'integer', (column) => column.notNull().references('issues.id'))
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('segments', 'text', (column) => column.notNull())
      .addUniqueConstraint('pieces_by_key', ['issue', 'key'])
      .execute();
  },
};
