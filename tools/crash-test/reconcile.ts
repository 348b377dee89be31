/**
 * Holds the ledger against what a mail server truly took: who got nothing, who got it twice, and whether every second
 * copy has its doubt (rule: once). Pure.
 */
import type { DeliveryState } from '../../src/domain/delivery.js';

/** One message as a server took it. */
export interface TakenMessage {
  readonly recipient: string;
  readonly messageId: string;
}

/** What the ledger says of one reader. */
export interface LedgerRow {
  readonly address: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly unknownOutcomes: number;
}

export interface Reconciliation {
  /** Readers without a copy whom the ledger does not call unknown, rejected or skipped. */
  readonly lost: number;
  /** Copies beyond a reader's first. */
  readonly repeated: number;
  /** Readers of whom nobody could know at some moment whether they had a copy: so many may be repeated. */
  readonly allowed: number;
  /** Copies that no doubt accounts for, that cannot be recognised by their Message-ID, or that nobody planned. */
  readonly unexplained: number;
  /** The first of what is wrong, a line each. */
  readonly findings: readonly string[];
}

const MOST_FINDINGS = 20;
/** States that need no copy. */
const EXCUSED: readonly DeliveryState[] = ['unknown', 'rejected', 'skipped'];
/** States that deny one. */
const DENYING: readonly DeliveryState[] = ['rejected', 'skipped'];

/**
 * @param taken in the order the server took them
 * @param mayRepeat addresses that were on the wire at a kill, or whose reply was withheld
 */
export function reconcile(
  rows: Iterable<LedgerRow>,
  taken: readonly TakenMessage[],
  mayRepeat: ReadonlySet<string>,
): Reconciliation {
  const copies = copiesByRecipient(taken);
  const findings: string[] = [];
  let lost = 0;
  let unexplained = 0;
  for (const { address, state, attempts, unknownOutcomes } of rows) {
    const said = `${address} (${state}, attempts ${attempts}, unknown outcomes ${unknownOutcomes})`;
    const ids = copies.get(address) ?? [];
    copies.delete(address);
    if (ids.length === 0 && !EXCUSED.includes(state)) {
      lost += 1;
      findings.push(`${said}: the server has no copy.`);
    }
    const wrong = unexplainedCopies(ids, state, mayRepeat.has(address));
    unexplained += wrong.length;
    findings.push(...wrong.map((why) => `${said}: ${why}`));
  }
  for (const [address, ids] of copies) {
    unexplained += ids.length;
    findings.push(`${address} is not in the issue, and the server has ${ids.length} for them.`);
  }
  const repeated = taken.length - new Set(taken.map(({ recipient }) => recipient)).size;
  return { lost, repeated, allowed: mayRepeat.size, unexplained, findings: findings.slice(0, MOST_FINDINGS) };
}

function copiesByRecipient(taken: readonly TakenMessage[]): Map<string, string[]> {
  const copies = new Map<string, string[]>();
  for (const { recipient, messageId } of taken) {
    const ids = copies.get(recipient);
    if (ids) ids.push(messageId);
    else copies.set(recipient, [messageId]);
  }
  return copies;
}

/** Why copies of one reader should not be; a doubt accounts for one more copy, and no doubt for a third. */
function unexplainedCopies(ids: readonly string[], state: DeliveryState, mayRepeat: boolean): readonly string[] {
  const most = mayRepeat ? 2 : 1;
  return ids.flatMap((id, index) => {
    if (id === '') return ['a copy has no Message-ID.'];
    if (id !== ids[0]) return [`copy ${index + 1} has another Message-ID than the first.`];
    if (index >= most)
      return [`copy ${index + 1} follows ${mayRepeat ? 'only one unknown outcome' : 'no unknown outcome'}.`];
    if (!mayRepeat && DENYING.includes(state)) return [`the server took what the ledger calls ${state}.`];
    return [];
  });
}
