/**
 * Adding readers to a newsletter: adding the same rows again changes nothing, a suppression stays,
 * and readers who unsubscribed stay unsubscribed.
 */
import { preferencesKey } from '../domain/category.js';
import type { AddResult, NewSubscription } from '../domain/ports/audience.js';
import type { SubscriptionState } from '../domain/subscriber.js';
import type { Trx } from './database.js';
import type { SubscriptionsTable } from './tables.js';

const ROWS_AT_ONCE = 500;

type Verdict = keyof AddResult;

/** Adds or renews in the order given; every row counts once. */
export async function addSubscriptions(
  trx: Trx,
  newsletter: string,
  rows: readonly NewSubscription[],
): Promise<AddResult> {
  const counts = { added: 0, updated: 0, unchanged: 0, suppressed: 0, unsubscribed: 0 };
  for (const run of runsOfDistinct(rows)) {
    for (const verdict of await addRun(trx, newsletter, run)) counts[verdict] += 1;
  }
  return counts;
}

/** Runs in which no address occurs twice: the second must find what the first has written. */
function* runsOfDistinct(rows: readonly NewSubscription[]): Iterable<readonly NewSubscription[]> {
  let run = new Map<string, NewSubscription>();
  for (const row of rows) {
    if (run.size === ROWS_AT_ONCE || run.has(row.addressKey)) {
      yield [...run.values()];
      run = new Map();
    }
    run.set(row.addressKey, row);
  }
  if (run.size > 0) yield [...run.values()];
}

async function addRun(trx: Trx, newsletter: string, run: readonly NewSubscription[]): Promise<readonly Verdict[]> {
  const known = await readKnown(trx, newsletter, run);
  const suppressed = await readSuppressed(trx, run);
  const ids = await addSubscribers(
    trx,
    run.filter((row) => !known.has(row.addressKey)),
  );
  const fresh: SubscriptionsTable[] = [];
  const verdicts: Verdict[] = [];
  for (const row of run) {
    const before = known.get(row.addressKey);
    const subscriber = before?.subscriber ?? ids.get(row.addressKey);
    if (subscriber === undefined) continue;
    let verdict: Verdict = 'added';
    if (before && before.state !== null) verdict = await renew(trx, newsletter, row, before);
    else fresh.push(subscriptionRow(newsletter, subscriber, row));
    verdicts.push(verdict !== 'unsubscribed' && suppressed.has(row.addressKey) ? 'suppressed' : verdict);
  }
  if (fresh.length > 0) await trx.insertInto('subscriptions').values(fresh).execute();
  return verdicts;
}

async function readKnown(trx: Trx, newsletter: string, run: readonly NewSubscription[]) {
  const rows = await trx
    .selectFrom('subscribers')
    .leftJoin('subscriptions', (join) =>
      join.onRef('subscriptions.subscriber', '=', 'subscribers.id').on('subscriptions.newsletter', '=', newsletter),
    )
    .select(['subscribers.id as subscriber', 'address_key', 'name', 'language', 'state', 'wishes'])
    .where(
      'address_key',
      'in',
      run.map((row) => row.addressKey),
    )
    .execute();
  return new Map(rows.map((row) => [row.address_key, row]));
}

async function readSuppressed(trx: Trx, run: readonly NewSubscription[]): Promise<ReadonlySet<string>> {
  const keys = run.map((row) => row.addressKey);
  const rows = await trx.selectFrom('suppressions').select('address_key').where('address_key', 'in', keys).execute();
  return new Set(rows.map((row) => row.address_key));
}

/** The ids of new subscribers by address key. */
async function addSubscribers(trx: Trx, rows: readonly NewSubscription[]): Promise<ReadonlyMap<string, number>> {
  if (rows.length === 0) return new Map();
  const added = await trx
    .insertInto('subscribers')
    .values(
      rows.map((row) => ({
        address: row.address,
        address_key: row.addressKey,
        name: row.name,
        language: row.language ?? null,
        erased: 0,
      })),
    )
    // Another process may have added the address a moment ago: its row is taken as it is.
    .onConflict((conflict) =>
      conflict.column('address_key').doUpdateSet((eb) => ({ address_key: eb.ref('excluded.address_key') })),
    )
    .returning(['id', 'address_key'])
    .execute();
  return new Map(added.map((row) => [row.address_key, row.id]));
}

interface KnownReader {
  readonly subscriber: number;
  readonly name: string;
  readonly language: string | null;
  readonly state: SubscriptionState | null;
  readonly wishes: string | null;
}

/** Writes what a row says anew. What it leaves open (no name, no language) stays as it was. */
async function renew(trx: Trx, newsletter: string, row: NewSubscription, before: KnownReader): Promise<Verdict> {
  if (before.state === 'unsubscribed') return 'unsubscribed';
  const name = row.name === '' ? before.name : row.name;
  const language = row.language ?? before.language;
  const wishes = preferencesKey(row.preferences);
  // Who has confirmed is never asked again by an import of older rows.
  const rises = before.state === 'pending' && row.state === 'active';
  const samePerson = name === before.name && language === before.language;
  if (samePerson && wishes === before.wishes && !rises) return 'unchanged';
  if (!samePerson) {
    await trx.updateTable('subscribers').set({ name, language }).where('id', '=', before.subscriber).execute();
  }
  const consent = { consent_source: row.consent.source, consent_at: row.consent.at.getTime() };
  await trx
    .updateTable('subscriptions')
    .set({ wishes, ...(rises && { state: row.state, ...consent }) })
    .where('newsletter', '=', newsletter)
    .where('subscriber', '=', before.subscriber)
    .execute();
  return 'updated';
}

function subscriptionRow(newsletter: string, subscriber: number, row: NewSubscription): SubscriptionsTable {
  return {
    newsletter,
    subscriber,
    state: row.state,
    wishes: preferencesKey(row.preferences),
    paused_until: null,
    consent_source: row.consent.source,
    consent_at: row.consent.at.getTime(),
  };
}
