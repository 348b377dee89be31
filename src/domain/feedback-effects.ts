/** What a report that is tied to a delivery means for its reader (rule: feedback). Pure: the store writes what this says. */
import type { DeliveryState } from './delivery.js';

/** When soft bounces suppress an address: so many issues in a row, over so long a time. */
export interface SoftBouncePolicy {
  readonly issues: number;
  readonly withinMs: number;
}

export const SOFT_BOUNCES: SoftBouncePolicy = { issues: 3, withinMs: 14 * 24 * 60 * 60 * 1000 };

/** One delivery to a reader, as far as it counts for soft bounces. */
export interface DeliveryPast {
  readonly settledAt: number;
  readonly state: DeliveryState;
  /** It came back from a mailbox that was full or unavailable. */
  readonly isSoft: boolean;
}

/**
 * Whether the latest soft bounces of a reader suppress the address: enough issues in a row, far enough apart, and none accepted and
 * kept in between.
 * @param past newest first
 */
export function isSoftTooOften(past: readonly DeliveryPast[], { issues, withinMs }: SoftBouncePolicy): boolean {
  const latest = past.findIndex(({ isSoft }) => isSoft);
  if (latest === -1) return false;
  const row: number[] = [];
  for (const { settledAt, state, isSoft } of past.slice(latest)) {
    if (isSoft) row.push(settledAt);
    else if (state === 'accepted') break;
  }
  const [newest = 0, oldest = 0] = [row[0], row.at(-1)];
  return row.length >= issues && newest - oldest >= withinMs;
}

/** When a running issue is paused for what comes back: from so many deliveries on, shares of the deliveries. */
export interface BreakerPolicy {
  readonly fewest: number;
  readonly hardShare: number;
  readonly complaintShare: number;
}

export const BREAKER: BreakerPolicy = { fewest: 200, hardShare: 0.05, complaintShare: 0.003 };

/** Fewer complaints prove nothing, whatever their share. */
const FEWEST_COMPLAINTS = 3;

/** Why an issue must not go on, as a sentence; `undefined` when it may. */
export function whyBreak(
  { delivered, hard, complaints }: { readonly delivered: number; readonly hard: number; readonly complaints: number },
  { fewest, hardShare, complaintShare }: BreakerPolicy,
): string | undefined {
  if (delivered < fewest) return undefined;
  if (hard / delivered > hardShare)
    return `${hard} of ${delivered} mails came back because the address does not exist, more than ${percent(hardShare)}.`;
  if (complaints >= FEWEST_COMPLAINTS && complaints / delivered > complaintShare)
    return `${complaints} of ${delivered} readers marked the mail as spam, more than ${percent(complaintShare)}.`;
  return undefined;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
