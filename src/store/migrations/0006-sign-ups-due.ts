/** When the mail of a sign-up is tried next: one that cannot leave now holds up no other. */
import type { Migration } from '../migration.js';

export const signUpsDue: Migration = {
  name: '0006-sign-ups-due',
  async up(db) {
    await db.schema
      .alterTable('sign_ups')
      .addColumn('due_at', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema
      .alterTable('sign_ups')
      .addColumn('deferrals', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
  },
};
