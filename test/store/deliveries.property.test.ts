import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSumRight } from '../../src/domain/delivery.js';
import type { Issue } from '../../src/domain/issue.js';
import type { Store } from '../../src/domain/ports/storage.js';
import type { Outcome } from '../../src/domain/reply.js';
import { openSqliteStore } from '../../src/store/index.js';
import { runs } from '../support/runs.js';
import {
  ACCEPTED,
  BAD_SENDER,
  by,
  frozen,
  frozenFor,
  GREYLISTED,
  minutesAfter,
  NO_SUCH_USER,
  UNKNOWN,
} from '../support/store-plans.js';

const NAMES = ['ann', 'bob'];
const OWNERS = ['one', 'two'] as const;
const OUTCOMES: readonly Outcome[] = [ACCEPTED, UNKNOWN, GREYLISTED, NO_SUCH_USER, BAD_SENDER];

type Step =
  | { readonly do: 'begin'; readonly owner: string; readonly limit: number }
  | { readonly do: 'claim'; readonly owner: string }
  | { readonly do: 'settle'; readonly which: number; readonly outcome: Outcome }
  | { readonly do: 'reclaim' | 'release'; readonly owner: string }
  | { readonly do: 'suppress'; readonly name: string }
  | { readonly do: 'wait' | 'retryUnknown' | 'freeze' | 'cancel' };

const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 15,
    arbitrary: fc.record({ do: fc.constant('begin' as const), owner: fc.constantFrom(...OWNERS), limit: fc.nat(2) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('claim' as const), owner: fc.constantFrom(...OWNERS) }) },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      which: fc.nat(9),
      outcome: fc.constantFrom(...OUTCOMES),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constantFrom('reclaim' as const, 'reclaim' as const, 'release' as const),
      owner: fc.constantFrom(...OWNERS),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('suppress' as const), name: fc.constantFrom(...NAMES) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('wait' as const, 'retryUnknown' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('freeze' as const, 'cancel' as const) }) },
);

interface OnWire {
  readonly subscriber: number;
  readonly owner: string;
  readonly attempt: number;
}

/** Watches the wire, as the readers' mail servers would, and knows what the ledger may not do. */
class Watcher {
  #now = minutesAfter(20_000);
  #wire: OnWire[] = [];
  /** Whose row an owner still holds: a take-over takes it away while the message is on the wire. */
  readonly #held = new Map<number, OnWire>();
  readonly #doubted = new Set<number>();
  readonly #accepted = new Set<number>();
  /** How many copies each reader's server may have taken. */
  readonly #copies = new Map<number, number>();

  constructor(
    readonly store: Store,
    readonly issue: Issue,
  ) {}

  async take(step: Step): Promise<void> {
    const { ledger, audience } = this.store;
    const { id } = this.issue;
    switch (step.do) {
      case 'claim':
        await this.#claim(step.owner, 1);
        break;
      case 'begin':
        await this.#begin(step.owner, step.limit);
        break;
      case 'settle':
        await this.#settle(step.which, step.outcome);
        break;
      case 'reclaim':
        await ledger.reclaim(id, step.owner, this.#now);
        this.#doubt(step.owner);
        break;
      case 'release':
        await ledger.release(id, step.owner);
        break;
      case 'suppress':
        await audience.suppress(`${step.name}@example.org`, 'complaint', this.#now);
        break;
      case 'wait':
        this.#now = minutesAfter(2, this.#now);
        break;
      case 'retryUnknown':
        await ledger.retryUnknown(id);
        break;
      case 'freeze':
        await frozen(this.store);
        break;
      case 'cancel':
        await ledger.cancel(id, this.#now);
        break;
    }
    await this.#check();
  }

  #claim(owner: string, limit: number) {
    return this.store.ledger.claim({ issue: this.issue.id, owner, limit, leaseMs: 60_000, now: this.#now });
  }

  async #begin(owner: string, limit: number): Promise<void> {
    const refs = await this.#claim(owner, limit);
    for (const result of await this.store.ledger.exchange([], refs, by(owner, this.#now))) {
      if (result.kind !== 'begun') continue;
      const one = { subscriber: result.delivery.subscriber, attempt: result.delivery.attempt, owner };
      const { subscriber } = one;
      const copies = this.#copies.get(subscriber) ?? 0;
      expect(this.#accepted.has(subscriber), 'a mail that was taken goes out again').toBe(false);
      expect(copies === 0 || (copies === 1 && this.#doubted.has(subscriber)), 'twice without a doubt').toBe(true);
      expect(this.#held.has(subscriber), 'two hold one delivery').toBe(false);
      this.#copies.set(subscriber, copies + 1);
      this.#held.set(subscriber, one);
      this.#wire.push(one);
    }
  }

  async #settle(which: number, outcome: Outcome): Promise<void> {
    const one = this.#wire[which % Math.max(1, this.#wire.length)];
    if (!one) return;
    this.#wire = this.#wire.filter((other) => other !== one);
    const delivery = { issue: this.issue.id, subscriber: one.subscriber, attempt: one.attempt };
    await this.store.ledger.exchange([{ delivery, outcome, at: this.#now }], [], by(one.owner, this.#now));
    const isHolder = this.#held.get(one.subscriber) === one;
    if (isHolder) this.#held.delete(one.subscriber);
    if (outcome.kind === 'accepted' && isHolder) this.#accepted.add(one.subscriber);
    if (outcome.kind === 'unknown') this.#doubted.add(one.subscriber);
    if (outcome.kind === 'deferred' || outcome.kind === 'rejected') {
      this.#copies.set(one.subscriber, (this.#copies.get(one.subscriber) ?? 0) - 1);
    }
  }

  #doubt(owner: string): void {
    for (const [subscriber, holder] of this.#held) {
      if (holder.owner !== owner) continue;
      this.#held.delete(subscriber);
      this.#doubted.add(subscriber);
    }
  }

  async #check(): Promise<void> {
    const counts = await this.store.ledger.counts(this.issue.id);
    expect(isSumRight(counts)).toBe(true);
    expect(counts.all).toBe(NAMES.length);
    expect(counts.attempted).toBe(this.#held.size);
    expect(counts.accepted).toBeGreaterThanOrEqual(this.#accepted.size);
  }
}

describe('whatever happens to the deliveries of an issue', () => {
  it('every reader is in one state, and none is sent to twice without an unknown outcome', async () => {
    const steps = fc.array(aStep, { minLength: 5, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(steps, fc.constantFrom('resend' as const, 'hold' as const), async (taken, onUnknownOutcome) => {
        const store = await openSqliteStore({ path: ':memory:' });
        try {
          const watcher = new Watcher(store, await frozenFor(store, NAMES, { issue: { onUnknownOutcome } }));
          for (const step of taken) await watcher.take(step);
        } finally {
          await store.close();
        }
      }),
      { numRuns: runs(60) },
    );
  });
});
