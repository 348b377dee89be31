/** Sign-ups that wait for their confirmation, the tokens that confirm them, and the evidence that stays. */
import { type CreateTableBuilder, sql } from 'kysely';
import type { Engine, Migration } from '../migration.js';

export const signUps: Migration = {
  name: '0003-sign-ups',
  async up(db, engine) {
    await numbered(engine, db.schema.createTable('sign_ups'))
      .addColumn('purpose', 'text', (column) => column.notNull())
      .addColumn('newsletter', 'text', (column) => column.notNull())
      .addColumn('subscriber', 'integer')
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('address_key', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('language', 'text', (column) => column.notNull())
      .addColumn('wishes', 'text', (column) => column.notNull())
      .addColumn('asked', 'text', (column) => column.notNull())
      .addColumn('asked_at', 'bigint', (column) => column.notNull())
      .addColumn('settled_at', 'bigint')
      .addColumn('mailed', 'text')
      .addColumn('mailed_at', 'bigint')
      .addColumn('reminded_at', 'bigint')
      .addColumn('confirmed', 'text')
      .addColumn('confirmed_at', 'bigint')
      .execute();
    await db.schema.createIndex('sign_ups_by_address').on('sign_ups').columns(['address_key', 'newsletter']).execute();
    await db.schema
      .createIndex('sign_ups_to_mail')
      .on('sign_ups')
      .columns(['id'])
      .where(sql`settled_at`, 'is', null)
      .execute();
    // The token itself is only ever in a mail.
    await clustered(engine, db.schema.createTable('tokens'))
      .addColumn('hash', 'text', (column) => column.primaryKey())
      .addColumn('sign_up', 'integer', (column) => column.notNull())
      .addColumn('purpose', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('tokens_by_sign_up').on('tokens').column('sign_up').execute();
  },
};

type Table = CreateTableBuilder<string, never>;

function numbered(engine: Engine, table: Table): Table {
  return table.addColumn('id', 'integer', (column) =>
    engine === 'sqlite' ? column.primaryKey().autoIncrement() : column.primaryKey().generatedByDefaultAsIdentity(),
  );
}

function clustered(engine: Engine, table: Table): Table {
  return engine === 'sqlite' ? table.modifyEnd(sql`without rowid`) : table;
}
