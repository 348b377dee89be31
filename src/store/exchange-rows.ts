/** What the transaction around the wire asks of a database: each question for all its rows at once. */
import type { DeliveryRef, DeliveryState, SkipReason } from '../domain/delivery.js';
import type { IssueState } from '../domain/issue.js';
import type { ExchangeContext } from '../domain/ports/deliveries.js';
import type { Trx } from './database.js';
import type { ReaderColumns } from './readers.js';
import type { AttemptsTable } from './tables.js';

/** The rows of an exchange in one database. No delivery is in a list twice. */
export interface ExchangeRows {
  /** The common case: the attempt on the wire is this owner's own, and the server took it. Returns those it was true of. */
  accept(trx: Trx, values: readonly AcceptValues[], owner: string): Promise<readonly DeliveryRef[]>;
  /** Reads and locks deliveries whose attempts have ended. */
  readAttempted(trx: Trx, refs: readonly DeliveryRef[]): Promise<readonly SettleRow[]>;
  settle(trx: Trx, values: readonly SettleValues[]): Promise<void>;
  recordAttempts(trx: Trx, values: readonly AttemptValues[]): Promise<void>;
  /** Begins those that the owner has claimed, and reads their readers. */
  begin(trx: Trx, refs: readonly DeliveryRef[], by: ExchangeContext): Promise<readonly BegunRow[]>;
  /** Ends deliveries that were begun in this transaction, as if they had not been. */
  endUnbegun(trx: Trx, values: readonly EndValues[], now: Date): Promise<void>;
}

export interface SettleRow extends DeliveryRef {
  readonly state: DeliveryState;
  readonly owner: string | null;
  readonly begun_at: number | null;
  readonly attempts: number;
  readonly deferrals: number;
  readonly doubts: number;
  readonly issue_state: IssueState;
  readonly address_key: string;
  readonly erased: number;
}

export interface BegunRow extends ReaderColumns, DeliveryRef {
  readonly subscriber: number;
  readonly edition: number;
  readonly attempts: number;
  readonly deferrals: number;
  readonly doubts: number;
  readonly reply_code: number | null;
  readonly reply_enhanced: string | null;
  readonly reply_text: string | null;
}

export interface ReplyValues {
  readonly code: number | null;
  readonly enhanced: string | null;
  readonly text: string;
}

export interface AcceptValues extends DeliveryRef, ReplyValues {
  readonly attempt: number;
  readonly settledAt: number;
}

export interface SettleValues extends DeliveryRef, ReplyValues {
  readonly state: DeliveryState;
  readonly reason: SkipReason | null;
  readonly due: number;
  readonly deferrals: number;
  readonly doubts: number;
  readonly settledAt: number | null;
}

export interface AttemptValues extends DeliveryRef, ReplyValues {
  readonly attempt: number;
  readonly begunAt: number;
  readonly endedAt: number;
  readonly outcome: AttemptsTable['outcome'];
  readonly scope: AttemptsTable['scope'];
}

export interface EndValues extends DeliveryRef {
  readonly state: DeliveryState;
  readonly reason: SkipReason;
}
