/**
 * Sign-ups from the form to the confirmation: tokens are kept as hashes, serve one purpose, end, and
 * work once; what was confirmed stays as evidence.
 */

import type { Selectable } from 'kysely';
import { preferencesFromKey, preferencesKey } from '../domain/category.js';
import { retryWaitMs } from '../domain/delivery.js';
import type { ConfirmResult, MailedSignUp, SignUpStore, SignUpToken } from '../domain/ports/sign-ups.js';
import type { Asked, Confirmed, NewSignUp, SignUp, SignUpPurpose } from '../domain/sign-up.js';
import { changeAddress } from './change-readers.js';
import { type Database, type Queries, type Trx, transact } from './database.js';
import { PAGE_ROWS, pagesOf } from './pages.js';
import { liftBounces } from './suppressions.js';
import type { SignUpsTable } from './tables.js';

export function signUpStore(database: Database): SignUpStore {
  const { db } = database;
  return {
    ask: (signUp) => transact(database, (trx) => insertSignUp(trx, signUp)),
    toMail: (now, mailedSince, limit) => readToMail(db, now, mailedSince, limit),
    toRemind: (now, before, limit) => readToRemind(db, now, before, limit),
    lastMailed: (addressKey) => readLastMailed(db, addressKey),
    keepToken: (id, token) => transact(database, (trx) => keepToken(trx, id, token)),
    mailed: (id, mail) => transact(database, (trx) => writeMailed(trx, id, mail)),
    putOff: (id, now) => transact(database, (trx) => putOff(trx, id, now)),
    leave: (id, at, what) => transact(database, (trx) => leave(trx, id, at, what)),
    find: (hash, purpose) => findByToken(db, hash, purpose),
    confirm: (hash, purpose, by) => transact(database, (trx) => confirmSignUp(trx, hash, purpose, by)),
    evidence: (addressKey) => readEvidence(db, addressKey),
    allEvidence: () => listEvidence(db),
    forget: (addressKey, subscriber) => transact(database, (trx) => forgetPerson(trx, addressKey, subscriber)),
    forgetUnconfirmed: (before) => transact(database, (trx) => forgetUnconfirmed(trx, before)),
  };
}

/** A request that still waits for its mail becomes the next one of its kind: a mail on its way is then for that one. */
async function insertSignUp(trx: Trx, { asked, ...signUp }: NewSignUp): Promise<void> {
  const row = {
    subscriber: signUp.subscriber ?? null,
    address: signUp.address,
    name: signUp.name,
    language: signUp.language,
    wishes: preferencesKey(signUp.preferences),
    asked: JSON.stringify(asked),
    asked_at: asked.at.getTime(),
  };
  const waiting = await trx
    .updateTable('sign_ups')
    .set(row)
    .where('address_key', '=', signUp.addressKey)
    .where('newsletter', '=', signUp.newsletter)
    .where('purpose', '=', signUp.purpose)
    .where('subscriber', row.subscriber === null ? 'is' : '=', row.subscriber)
    .where('settled_at', 'is', null)
    .executeTakeFirst();
  if (waiting.numUpdatedRows > 0n) return;
  await trx
    .insertInto('sign_ups')
    .values({ purpose: signUp.purpose, newsletter: signUp.newsletter, address_key: signUp.addressKey, ...row })
    .execute();
}

async function readToMail(db: Queries, now: Date, mailedSince: Date, limit: number): Promise<readonly SignUp[]> {
  const since = mailedSince.getTime();
  const rows = await db
    .selectFrom('sign_ups')
    .selectAll()
    .where('settled_at', 'is', null)
    .where('due_at', '<=', now.getTime())
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('sign_ups as other')
            .select('other.id')
            .whereRef('other.address_key', '=', 'sign_ups.address_key')
            .where((eb) => eb.or([eb('other.mailed_at', '>', since), eb('other.reminded_at', '>', since)])),
        ),
      ),
    )
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(signUpFrom);
}

async function readToRemind(db: Queries, now: Date, before: Date, limit: number): Promise<readonly SignUp[]> {
  const rows = await db
    .selectFrom('sign_ups')
    .selectAll()
    .where('purpose', '=', 'sign-up')
    .where('mailed_at', '<=', before.getTime())
    .where('reminded_at', 'is', null)
    .where('confirmed_at', 'is', null)
    .where('due_at', '<=', now.getTime())
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(signUpFrom);
}

async function readLastMailed(db: Queries, addressKey: string): Promise<Date | undefined> {
  const row = await db
    .selectFrom('sign_ups')
    .select((eb) => [eb.fn.max('mailed_at').as('mailed'), eb.fn.max('reminded_at').as('reminded')])
    .where('address_key', '=', addressKey)
    .executeTakeFirst();
  const last = Math.max(Number(row?.mailed ?? 0), Number(row?.reminded ?? 0));
  return last === 0 ? undefined : new Date(last);
}

async function keepToken(trx: Trx, id: number, { tokenHash, expiresAt, purpose }: SignUpToken): Promise<void> {
  await trx
    .insertInto('tokens')
    .values({ hash: tokenHash, sign_up: id, purpose, expires_at: expiresAt.getTime() })
    .execute();
}

async function writeMailed(trx: Trx, id: number, mail: MailedSignUp): Promise<void> {
  const { messageId, textVersion } = mail;
  const at = mail.at.getTime();
  const first = { mailed: JSON.stringify({ messageId, textVersion }), mailed_at: at, settled_at: at };
  await trx
    .updateTable('sign_ups')
    .set({ ...(mail.isReminder ? { reminded_at: at } : first), due_at: 0, deferrals: 0 })
    .where('id', '=', id)
    .execute();
}

async function putOff(trx: Trx, id: number, now: Date): Promise<void> {
  const row = await trx.selectFrom('sign_ups').select('deferrals').where('id', '=', id).executeTakeFirst();
  const deferrals = (row?.deferrals ?? 0) + 1;
  const due_at = now.getTime() + retryWaitMs(deferrals);
  await trx.updateTable('sign_ups').set({ due_at, deferrals }).where('id', '=', id).execute();
}

async function leave(trx: Trx, id: number, at: Date, what: 'mail' | 'reminder'): Promise<void> {
  const set = what === 'mail' ? { settled_at: at.getTime() } : { reminded_at: at.getTime() };
  await trx.updateTable('sign_ups').set(set).where('id', '=', id).execute();
}

async function findByToken(db: Queries, hash: string, purpose: SignUpPurpose) {
  const row = await db
    .selectFrom('tokens')
    .innerJoin('sign_ups', 'sign_ups.id', 'tokens.sign_up')
    .selectAll('sign_ups')
    .select('tokens.expires_at')
    .where('tokens.hash', '=', hash)
    .where('tokens.purpose', '=', purpose)
    .executeTakeFirst();
  return row && { signUp: signUpFrom(row), expiresAt: new Date(row.expires_at) };
}

async function confirmSignUp(trx: Trx, hash: string, purpose: SignUpPurpose, by: Confirmed): Promise<ConfirmResult> {
  const found = await findByToken(trx, hash, purpose);
  if (!found) return { kind: 'missing' };
  const { signUp } = found;
  if (signUp.confirmed) return { kind: 'again', signUp };
  if (found.expiresAt <= by.at) return { kind: 'expired', signUp };
  if (purpose === 'change-address') {
    const changed = await changeAddress(trx, signUp.subscriber ?? 0, signUp);
    if (changed === 'missing') return { kind: 'missing' };
    if (changed === 'taken') return { kind: 'taken', signUp };
  }
  const updated = await trx
    .updateTable('sign_ups')
    .set((eb) => ({
      confirmed: JSON.stringify({ ip: by.ip, userAgent: by.userAgent }),
      confirmed_at: by.at.getTime(),
      // The mail was there, also where its sender died before it wrote that down: no other is due.
      settled_at: eb.fn.coalesce('settled_at', eb.val(by.at.getTime())),
    }))
    .where('id', '=', signUp.id)
    .where('confirmed_at', 'is', null)
    .executeTakeFirst();
  if (updated.numUpdatedRows === 0n) return { kind: 'again', signUp };
  if (purpose === 'sign-up') await subscribe(trx, signUp, by.at);
  return { kind: 'confirmed', signUp: { ...signUp, confirmed: by } };
}

/** Unlike an import, a confirmation comes from the reader: it also restores an ended subscription. */
async function subscribe(trx: Trx, signUp: SignUp, at: Date): Promise<void> {
  await liftBounces(trx, signUp.addressKey);
  const subscriber = await trx
    .insertInto('subscribers')
    .values({
      address: signUp.address,
      address_key: signUp.addressKey,
      name: signUp.name,
      language: signUp.language,
      erased: 0,
    })
    .onConflict((conflict) =>
      conflict.column('address_key').doUpdateSet((eb) => ({
        name: signUp.name === '' ? eb.ref('subscribers.name') : signUp.name,
        language: signUp.language,
      })),
    )
    .returning('id')
    .executeTakeFirstOrThrow();
  const row = {
    state: 'active',
    wishes: preferencesKey(signUp.preferences),
    paused_until: null,
    consent_source: signUp.asked.form,
    consent_at: at.getTime(),
  } as const;
  await trx
    .insertInto('subscriptions')
    .values({ newsletter: signUp.newsletter, subscriber: subscriber.id, ...row })
    .onConflict((conflict) => conflict.columns(['newsletter', 'subscriber']).doUpdateSet(row))
    .execute();
}

async function readEvidence(db: Queries, addressKey: string): Promise<readonly SignUp[]> {
  const rows = await db
    .selectFrom('sign_ups')
    .selectAll()
    .where('address_key', '=', addressKey)
    .orderBy('id')
    .execute();
  return rows.map(signUpFrom);
}

async function* listEvidence(db: Queries): AsyncIterable<SignUp> {
  const rows = db
    .selectFrom('sign_ups')
    .selectAll()
    .where('confirmed_at', 'is not', null)
    .orderBy('id')
    .limit(PAGE_ROWS);
  const page = (after: Awaited<ReturnType<typeof rows.execute>>[number] | undefined) =>
    rows.where('id', '>', after?.id ?? 0).execute();
  for await (const row of pagesOf(page)) yield signUpFrom(row);
}

/** What they asked for at other addresses goes with them. */
async function forgetPerson(trx: Trx, addressKey: string, subscriber: number): Promise<number> {
  const rows = await trx
    .deleteFrom('sign_ups')
    .where((eb) => eb.or([eb('address_key', '=', addressKey), eb('subscriber', '=', subscriber)]))
    .returning('id')
    .execute();
  return forgetTokens(trx, rows);
}

async function forgetUnconfirmed(trx: Trx, askedBefore: Date): Promise<number> {
  const rows = await trx
    .deleteFrom('sign_ups')
    .where('confirmed_at', 'is', null)
    .where('asked_at', '<', askedBefore.getTime())
    .returning('id')
    .execute();
  return forgetTokens(trx, rows);
}

async function forgetTokens(trx: Trx, signUps: readonly { readonly id: number }[]): Promise<number> {
  for (const { id } of signUps) await trx.deleteFrom('tokens').where('sign_up', '=', id).execute();
  return signUps.length;
}

function signUpFrom(row: Selectable<SignUpsTable>): SignUp {
  const asked = JSON.parse(row.asked) as Omit<Asked, 'at'>;
  return {
    id: row.id,
    purpose: row.purpose,
    newsletter: row.newsletter,
    ...(row.subscriber !== null && { subscriber: row.subscriber }),
    address: row.address,
    addressKey: row.address_key,
    name: row.name,
    language: row.language,
    preferences: preferencesFromKey(row.wishes),
    asked: { ...asked, at: new Date(row.asked_at) },
    ...(row.mailed !== null && {
      mailed: {
        ...(JSON.parse(row.mailed) as { messageId: string; textVersion: string }),
        at: new Date(row.mailed_at ?? 0),
      },
    }),
    ...(row.reminded_at !== null && { remindedAt: new Date(row.reminded_at) }),
    ...(row.confirmed !== null && {
      confirmed: {
        ...(JSON.parse(row.confirmed) as Omit<Confirmed, 'at'>),
        at: new Date(row.confirmed_at ?? 0),
      },
    }),
  };
}
