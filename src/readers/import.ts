/** Brings readers in from a CSV file: good lines are taken, every other is named with its line and why. */

import type { AppContext } from '../app-context.js';
import type { ColumnMap } from '../audience/csv-presets.js';
import { readSubscribers } from '../audience/import-csv.js';
import type { CellOptions } from '../audience/subscription-from-cells.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { AddResult, NewSubscription } from '../domain/ports/storage.js';
import type { SuppressionReason } from '../domain/subscriber.js';

export interface ImportRequest {
  readonly newsletter: Newsletter;
  readonly source: Uint8Array | AsyncIterable<Uint8Array>;
  /** How the file's own headings and words are read. */
  readonly map?: ColumnMap;
  /** Only counts: nothing is written. */
  readonly dryRun?: boolean;
  /** How consent was given, for lines that do not say. */
  readonly consentSource?: string;
}

export interface ImportReport extends AddResult {
  readonly lines: number;
  readonly refused: readonly RefusedLine[];
  /** Lines whose address stood earlier in the file; the earlier one holds. */
  readonly repeated: number;
  readonly ignoredColumns: readonly string[];
}

export interface RefusedLine {
  readonly line: number;
  readonly message: string;
}

/** How many rows are written in one transaction. */
const BATCH = 500;

export async function importSubscribers(deps: AppContext, request: ImportRequest): Promise<ImportReport> {
  if (!request.dryRun) return importInto(deps, request);
  const store = await deps.store.scratch();
  try {
    return await importInto({ ...deps, store }, request);
  } finally {
    await store.close();
  }
}

async function importInto(deps: AppContext, request: ImportRequest): Promise<ImportReport> {
  const { newsletter, source, consentSource, map } = request;
  const now = deps.clock.now();
  const options: CellOptions = {
    now,
    categories: newsletter.categories,
    ...(consentSource && { consentSource }),
    ...(map && { map }),
  };
  const isErased = await erasedAddresses(deps);
  const refused: RefusedLine[] = [];
  let ignoredColumns: readonly string[] = [];
  let lines = 0;
  let repeated = 0;
  const batches = openBatches(deps, newsletter.id, now);
  for await (const read of readSubscribers(source, options)) {
    if (read.kind === 'ignored-columns') {
      ignoredColumns = read.columns;
      continue;
    }
    lines += 1;
    if (read.kind === 'subscription' && isErased(read.subscription.addressKey))
      refused.push({ line: read.line, message: 'email: who had this address asked to be erased' });
    else if (read.kind === 'subscription') await batches.push(read.subscription, read.suppressed);
    else if (read.kind === 'repeated') repeated += 1;
    else {
      const message = read.problems.map((each) => (each.column ? `${each.column}: ${each.message}` : each.message));
      refused.push({ line: read.line, message: message.join('; ') });
    }
  }
  const result = await batches.end();
  deps.log.info('subscribers.imported', { newsletter: newsletter.id, ...result, refused: refused.length });
  return { ...result, lines, refused, repeated, ignoredColumns };
}

/** Recognises who was erased by the keyed hash that is left of them. */
async function erasedAddresses({ store, publicSite }: AppContext): Promise<(addressKey: string) => boolean> {
  const erased = new Set<string>();
  if (publicSite) {
    for await (const { addressKey, reason } of store.audience.suppressions())
      if (reason === 'erased') erased.add(addressKey);
  }
  return (addressKey) => erased.size > 0 && (publicSite?.erasedKeys(addressKey) ?? []).some((key) => erased.has(key));
}

/** Writes rows in batches and sums up what became of them. */
function openBatches(deps: AppContext, newsletter: string, now: Date) {
  let rows: NewSubscription[] = [];
  let sum: AddResult = { added: 0, updated: 0, unchanged: 0, suppressed: 0, unsubscribed: 0 };
  const flush = async () => {
    const result = await deps.store.audience.add(newsletter, rows, now);
    rows = [];
    sum = {
      added: sum.added + result.added,
      updated: sum.updated + result.updated,
      unchanged: sum.unchanged + result.unchanged,
      suppressed: sum.suppressed + result.suppressed,
      unsubscribed: sum.unsubscribed + result.unsubscribed,
    };
  };
  return {
    push: async (row: NewSubscription, suppressed: SuppressionReason | undefined) => {
      if (suppressed) await deps.store.audience.suppress(row.addressKey, suppressed, now);
      rows.push(row);
      if (rows.length >= BATCH) await flush();
    },
    end: async () => {
      if (rows.length > 0) await flush();
      return sum;
    },
  };
}
