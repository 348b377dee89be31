/** Freeze plans, readers and outcomes for the tests of the store. */
import { preferencesKey } from '../../src/domain/category.js';
import type { DeliveryRef } from '../../src/domain/delivery.js';
import { NOT_SHORTENED } from '../../src/domain/digest.js';
import type { Edition } from '../../src/domain/edition.js';
import type { Issue, NewIssue } from '../../src/domain/issue.js';
import type { NewSubscription } from '../../src/domain/ports/audience.js';
import type { ExchangeContext } from '../../src/domain/ports/deliveries.js';
import type { FreezePlan } from '../../src/domain/ports/ledger.js';
import type { Store } from '../../src/domain/ports/storage.js';
import type { Outcome } from '../../src/domain/reply.js';

/** The moment most of these tests happen at. */
export const NOON = new Date('2026-06-08T12:00:00Z');

export function minutesAfter(minutes: number, moment = NOON): Date {
  return new Date(moment.getTime() + minutes * 60_000);
}

export function aReader(name: string, with_: Partial<NewSubscription> = {}): NewSubscription {
  return {
    address: `${name}@example.org`,
    addressKey: `${name}@example.org`,
    name,
    preferences: undefined,
    state: 'active',
    consent: { source: 'form', at: new Date('2026-05-01T10:00:00Z') },
    ...with_,
  };
}

export function anEdition(key: string, sections: readonly string[] = ['other'], language = 'en'): Edition {
  return {
    key,
    language,
    direction: 'ltr',
    sections: sections.map((section) => ({
      key: section,
      title: section,
      posts: [
        {
          uid: `post-in-${section}`,
          id: `id-of-${section}`,
          title: `A post in ${section}`,
          authors: [],
          publishedAt: NOON,
          categories: [section],
          excerpt: [],
          continues: false,
          readingMinutes: 1,
          form: 'full',
        },
      ],
    })),
    mail: {
      subject: [`Subject of ${key}`],
      preheader: 'What is new',
      html: ['<p>', { kind: 'hole', part: 'name', context: 'html' }, '</p>'],
      text: ['Hello ', { kind: 'hole', part: 'name', context: 'text' }],
    },
    clip: NOT_SHORTENED,
  };
}

export type PlanWishes = Partial<Omit<FreezePlan, 'issue'>> & { readonly issue?: Partial<NewIssue> };

/** A plan that fits the store as it is: the next number, one edition for everybody who wishes for everything. */
export async function aPlan(store: Store, with_: PlanWishes = {}): Promise<FreezePlan> {
  const newsletter = with_.newsletter ?? 'weekly';
  const memory = await store.ledger.memory(newsletter);
  const number = memory.lastNumber + 1;
  const until = minutesAfter(number * 10_080);
  return {
    newsletter,
    head: memory.head,
    editions: [anEdition('whole')],
    routes: [{ group: { preferences: preferencesKey(undefined) }, edition: 'whole' }],
    outcomes: [],
    compose: () => Promise.reject(new Error('These readers were not expected.')),
    ...with_,
    issue: {
      uid: `${newsletter}-${number}`,
      newsletter,
      number,
      occurrence: until,
      manual: false,
      window: { since: memory.previousCutoff ?? minutesAfter((number - 1) * 10_080), until },
      frozenAt: until,
      title: 'Notes',
      sender: { name: 'Notes', address: 'notes@example.org' },
      onUnknownOutcome: 'resend',
      posts: [],
      carriedOver: 0,
      ...with_.issue,
    },
  };
}

/** Freezes and insists that it worked. */
export async function frozen(store: Store, with_: PlanWishes = {}): Promise<Issue> {
  const result = await store.ledger.freeze(await aPlan(store, with_));
  if (result.kind !== 'frozen') throw new Error(`expected a frozen issue, got ${result.kind}`);
  return result.issue;
}

/** A store with these readers of the weekly and one frozen issue. */
export async function frozenFor(store: Store, names: readonly string[], with_: PlanWishes = {}): Promise<Issue> {
  await store.audience.add(
    'weekly',
    names.map((name) => aReader(name)),
    NOON,
  );
  return frozen(store, with_);
}

export function by(owner: string, now = NOON): ExchangeContext {
  return { owner, now, leaseMs: 60_000 };
}

/** Claims and begins up to `limit` deliveries; gives those that may go on the wire. */
export async function begun(store: Store, issue: Issue, owner = 'one', limit = 100, now = issue.frozenAt) {
  const refs = await store.ledger.claim({ issue: issue.id, owner, limit, leaseMs: 60_000, now });
  const results = await store.ledger.exchange([], refs, by(owner, now));
  return results.flatMap((result) => (result.kind === 'begun' ? [result.delivery] : []));
}

/** Writes what became of attempts. */
export function settled(store: Store, refs: readonly DeliveryRef[], outcome: Outcome, owner = 'one', at = NOON) {
  return store.ledger.exchange(
    refs.map(({ issue, subscriber }) => ({ delivery: { issue, subscriber }, outcome, at })),
    [],
    by(owner, at),
  );
}

export const ACCEPTED: Outcome = { kind: 'accepted', reply: { code: 250, enhanced: '2.0.0', text: 'queued' } };
export const UNKNOWN: Outcome = { kind: 'unknown', reply: { text: 'no answer after the final dot' } };
export const GREYLISTED: Outcome = { kind: 'deferred', scope: 'recipient', reply: { code: 451, text: 'later' } };
export const NO_SUCH_USER: Outcome = {
  kind: 'rejected',
  scope: 'recipient',
  bounce: 'hard',
  reply: { code: 550, enhanced: '5.1.1', text: 'no such user' },
};
export const BAD_SENDER: Outcome = {
  kind: 'rejected',
  scope: 'sender',
  bounce: 'none',
  reply: { code: 550, text: 'sender refused' },
};

export async function listed<T>(rows: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const row of rows) list.push(row);
  return list;
}
