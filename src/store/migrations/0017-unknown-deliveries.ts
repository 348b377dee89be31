/** Deliveries with an unknown outcome are found without reading their whole issue. */
import { sql } from 'kysely';
import type { Migration } from '../migration.js';

export const unknownDeliveries: Migration = {
  name: '0017-unknown-deliveries',
  async up(db) {
    await db.schema
      .createIndex('deliveries_unknown')
      .on('deliveries')
      .columns(['issue', 'subscriber'])
      .where(sql`state`, '=', sql`'unknown'`)
      .execute();
    await db.schema
      .createIndex('deliveries_rejected')
      .on('deliveries')
      .columns(['issue', 'subscriber'])
      .where(sql`state`, '=', sql`'rejected'`)
      .execute();
  },
};
