/** When each source was last listed, and whether that listing is believed; and several posts may have had one key. */
import { type CreateTableBuilder, sql } from 'kysely';
import type { Engine, Migration } from '../migration.js';

export const looks: Migration = {
  name: '0010-looks',
  async up(db, engine) {
    await db.schema.alterTable('sources').addColumn('looked_at', 'bigint').execute();
    await db.schema.alterTable('sources').addColumn('suspicion', 'text').execute();
    await clustered(engine, db.schema.createTable('post_keys_of_all'))
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('value', 'text', (column) => column.notNull())
      .addColumn('uid', 'text', (column) => column.notNull().references('posts.uid'))
      .addPrimaryKeyConstraint('post_keys_of_all_pk', ['source', 'kind', 'value', 'uid'])
      .execute();
    await sql`insert into post_keys_of_all (source, kind, value, uid) select source, kind, value, uid from post_keys`.execute(
      db,
    );
    await db.schema.dropTable('post_keys').execute();
    await db.schema.alterTable('post_keys_of_all').renameTo('post_keys').execute();
  },
};

type Table = CreateTableBuilder<string, never>;

function clustered(engine: Engine, table: Table): Table {
  return engine === 'sqlite' ? table.modifyEnd(sql`without rowid`) : table;
}
