/**
 * Gathers what the connections of one run have to write at the same moment, and writes it in one transaction. No
 * connection waits for another one's message, and no message is sent before its attempt is committed.
 */
import type { DeliveryRef } from '../domain/delivery.js';
import type { BeginResult, ExchangeContext, Settlement } from '../domain/ports/deliveries.js';
import type { Ledger } from '../domain/ports/ledger.js';

export interface AttemptRecorder {
  /** Settles attempts and begins the next; either may be absent. Resolves when both are committed. */
  exchange(settled: readonly Settlement[], begin: DeliveryRef | undefined): Promise<BeginResult | undefined>;
}

interface Order {
  readonly settled: readonly Settlement[];
  readonly begin: DeliveryRef | undefined;
  resolve(result: BeginResult | undefined): void;
  reject(error: unknown): void;
}

export function openAttemptRecorder(ledger: Pick<Ledger, 'exchange'>, context: () => ExchangeContext): AttemptRecorder {
  let waiting: Order[] = [];
  let isWriting = false;

  const write = async () => {
    isWriting = true;
    while (waiting.length > 0) {
      const orders = waiting;
      waiting = [];
      await writeTogether(ledger, orders, context());
    }
    isWriting = false;
  };

  return {
    exchange: (settled, begin) => {
      if (settled.length === 0 && !begin) return Promise.resolve(undefined);
      return new Promise((resolve, reject) => {
        waiting.push({ settled, begin, resolve, reject });
        if (!isWriting && waiting.length === 1) afterTurns(TURNS_GATHERED, () => void write());
      });
    },
  };
}

/** For so many turns of the event loop replies are gathered: a commit costs far more than the rows in it, or than a turn. */
const TURNS_GATHERED = 3;

function afterTurns(turns: number, then: () => void): void {
  if (turns === 0) then();
  else setImmediate(afterTurns, turns - 1, then);
}

async function writeTogether(
  ledger: Pick<Ledger, 'exchange'>,
  orders: readonly Order[],
  context: ExchangeContext,
): Promise<void> {
  const settled = orders.flatMap((order) => order.settled);
  const begin = orders.flatMap((order) => (order.begin ? [order.begin] : []));
  try {
    const results = [...(await ledger.exchange(settled, begin, context))];
    for (const order of orders) order.resolve(order.begin ? results.shift() : undefined);
  } catch (error) {
    for (const order of orders) order.reject(error);
  }
}
