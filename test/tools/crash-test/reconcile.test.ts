import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeliveryState } from '../../../src/domain/delivery.js';
import { type LedgerRow, reconcile, type TakenMessage } from '../../../tools/crash-test/reconcile.js';

const ann = 'ann@example.org';
const ben = 'ben@example.org';

function aRow(address: string, state: DeliveryState = 'accepted'): LedgerRow {
  return { address, state, attempts: 1, unknownOutcomes: 0 };
}

function aCopy(recipient: string, messageId = `<${recipient}>`): TakenMessage {
  return { recipient, messageId };
}

const nobody = new Set<string>();

it('finds nothing wrong where every reader has one copy', () => {
  const found = reconcile([aRow(ann), aRow(ben)], [aCopy(ben), aCopy(ann)], nobody);
  expect(found).toEqual({ lost: 0, repeated: 0, allowed: 0, unexplained: 0, findings: [] });
});

describe('a reader without a copy', () => {
  it.each(['planned', 'claimed', 'attempted', 'accepted'] as const)('is lost when the ledger says %s', (state) => {
    const { lost, findings } = reconcile([aRow(ann, state)], [], nobody);
    expect(lost).toBe(1);
    expect(findings[0]).toContain(`${ann} (${state}`);
  });

  it.each(['unknown', 'rejected', 'skipped'] as const)('is not lost when the ledger says %s', (state) => {
    expect(reconcile([aRow(ann, state)], [], nobody).lost).toBe(0);
  });

  it('is lost although they were in doubt', () => {
    expect(reconcile([aRow(ann)], [], new Set([ann])).lost).toBe(1);
  });
});

describe('a second copy', () => {
  it('is repeated and allowed after a doubt', () => {
    const found = reconcile([aRow(ann)], [aCopy(ann), aCopy(ann)], new Set([ann]));
    expect(found).toMatchObject({ repeated: 1, allowed: 1, unexplained: 0 });
  });

  it('is unexplained when the reader was never in doubt, whatever befell others', () => {
    const found = reconcile([aRow(ann), aRow(ben)], [aCopy(ann), aCopy(ben), aCopy(ann)], new Set([ben]));
    expect(found).toMatchObject({ repeated: 1, allowed: 1, unexplained: 1 });
  });

  it('is unexplained under another Message-ID, doubt or not', () => {
    const found = reconcile([aRow(ann)], [aCopy(ann), aCopy(ann, '<other@example.org>')], new Set([ann]));
    expect(found).toMatchObject({ repeated: 1, unexplained: 1 });
    expect(found.findings[0]).toContain('another Message-ID');
  });
});

it('finds a third copy unexplained: a doubt is tried once more, and not twice', () => {
  const found = reconcile([aRow(ann)], [aCopy(ann), aCopy(ann), aCopy(ann)], new Set([ann]));
  expect(found).toMatchObject({ repeated: 2, allowed: 1, unexplained: 1 });
});

it('finds mail to somebody who is not in the issue', () => {
  const found = reconcile([aRow(ann)], [aCopy(ann), aCopy(ben)], nobody);
  expect(found).toMatchObject({ lost: 0, repeated: 0, unexplained: 1 });
});

it('finds a copy without a Message-ID', () => {
  expect(reconcile([aRow(ann)], [aCopy(ann, '')], nobody).unexplained).toBe(1);
});

it.each(['rejected', 'skipped'] as const)('finds a copy that the ledger calls %s, unless it was in doubt', (state) => {
  expect(reconcile([aRow(ann, state)], [aCopy(ann)], nobody).unexplained).toBe(1);
  expect(reconcile([aRow(ann, state)], [aCopy(ann)], new Set([ann])).unexplained).toBe(0);
});

it('names no more than the first twenty findings, and counts all', () => {
  const rows = Array.from({ length: 50 }, (_, index) => aRow(`reader-${index}@example.org`));
  const { lost, findings } = reconcile(rows, [], nobody);
  expect(lost).toBe(50);
  expect(findings).toHaveLength(20);
});

it('never calls more repeated than allowed where nothing is unexplained', () => {
  const addresses = ['a@example.org', 'b@example.org', 'c@example.org'];
  const copies = fc.array(
    fc.constantFrom(...addresses).map((address) => aCopy(address)),
    { maxLength: 9 },
  );
  fc.assert(
    fc.property(copies, fc.subarray(addresses), (taken, mayRepeat) => {
      const rows = addresses.map((address) => aRow(address));
      const found = reconcile(rows, taken, new Set(mayRepeat));
      const tooMany = Math.max(0, found.repeated - found.allowed);
      expect(found.unexplained).toBeGreaterThanOrEqual(tooMany);
      expect(found.lost).toBe(
        addresses.filter((address) => !taken.some(({ recipient }) => recipient === address)).length,
      );
    }),
  );
});
