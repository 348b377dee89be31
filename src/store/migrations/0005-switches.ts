import { type CreateTableBuilder, sql } from 'kysely';
import type { Engine, Migration } from '../migration.js';

export const switches: Migration = {
  name: '0005-switches',
  async up(db, engine) {
    await clustered(engine, db.schema.createTable('switches'))
      .addColumn('newsletter', 'text', (column) => column.notNull())
      .addColumn('subscriber', 'integer', (column) => column.notNull())
      .addColumn('left_newsletter', 'text', (column) => column.notNull())
      .addColumn('stage', 'text', (column) => column.notNull())
      .addColumn('still_there', 'integer', (column) => column.notNull())
      .addColumn('left_out', 'text', (column) => column.notNull())
      .addColumn('left_posts', 'text', (column) => column.notNull())
      .addColumn('wishes', 'text', (column) => column.notNull())
      .addColumn('consent_source', 'text', (column) => column.notNull())
      .addColumn('consent_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('switches_pk', ['newsletter', 'subscriber'])
      .execute();
    await db.schema.createIndex('switches_by_left').on('switches').columns(['left_newsletter', 'subscriber']).execute();
    // Routes are empty but within a freeze: their key grows by making them anew.
    await db.schema.dropTable('routes').execute();
    await clustered(engine, db.schema.createTable('routes'))
      .addColumn('issue', 'integer', (column) => column.notNull())
      .addColumn('wishes', 'text', (column) => column.notNull())
      .addColumn('language', 'text', (column) => column.notNull())
      .addColumn('left_out', 'text', (column) => column.notNull())
      .addColumn('edition', 'integer')
      .addPrimaryKeyConstraint('routes_pk', ['issue', 'wishes', 'language', 'left_out'])
      .execute();
  },
};

type Table = CreateTableBuilder<string, never>;

function clustered(engine: Engine, table: Table): Table {
  return engine === 'sqlite' ? table.modifyEnd(sql`without rowid`) : table;
}
