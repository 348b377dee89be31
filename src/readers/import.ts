/** Imports readers from a CSV file: valid lines are imported, every other line is reported with its number and the reason. */
import type { ColumnMap } from '../audience/csv-presets.js';
import { readSubscribers } from '../audience/import-csv.js';
import type { CellOptions } from '../audience/subscription-from-cells.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { AddResult, AudienceStore, NewSubscription } from '../domain/ports/audience.js';
import type { Clock, Log } from '../domain/ports/host.js';
import type { Store } from '../domain/ports/storage.js';
import type { SuppressionReason } from '../domain/subscriber.js';
import type { PublicSite } from './public-site.js';

export interface ImportRequest {
  readonly newsletter: Newsletter;
  readonly source: Uint8Array | AsyncIterable<Uint8Array>;
  /** How the file's headings and states are read. */
  readonly map?: ColumnMap;
  /** Only counts: writes nothing. */
  readonly dryRun?: boolean;
  /** How consent was given, for lines that do not say. */
  readonly consentSource?: string;
}

export interface ImportReport extends AddResult {
  readonly lines: number;
  readonly refused: readonly RefusedLine[];
  /** Lines whose address is on an earlier line, which is used. */
  readonly repeated: number;
  readonly ignoredColumns: readonly string[];
}

export interface RefusedLine {
  readonly line: number;
  readonly message: string;
}

export interface ImportDeps {
  readonly store: Pick<Store, 'audience' | 'scratch'>;
  readonly erasedKeys: PublicSite['erasedKeys'];
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** How many rows are written in one transaction. */
const BATCH = 500;

export function openImport({ store, erasedKeys, clock, log }: ImportDeps) {
  async function importSubscribers(request: ImportRequest): Promise<ImportReport> {
    if (!request.dryRun) return importInto(store.audience, request);
    const scratch = await store.scratch();
    try {
      return await importInto(scratch.audience, request);
    } finally {
      await scratch.close();
    }
  }

  async function importInto(audience: AudienceStore, request: ImportRequest): Promise<ImportReport> {
    const { newsletter, source, consentSource, map } = request;
    const now = clock.now();
    const options: CellOptions = {
      now,
      categories: newsletter.categories,
      ...(consentSource && { consentSource }),
      ...(map && { map }),
    };
    const isErased = await erasedAddresses(audience);
    const refused: RefusedLine[] = [];
    let ignoredColumns: readonly string[] = [];
    let lines = 0;
    let repeated = 0;
    const batches = openBatches(audience, newsletter.id, now);
    for await (const read of readSubscribers(source, options)) {
      if (read.kind === 'ignored-columns') {
        ignoredColumns = read.columns;
        continue;
      }
      lines += 1;
      if (read.kind === 'subscription' && isErased(read.subscription.addressKey))
        refused.push({ line: read.line, message: 'email: the reader with this address asked to be erased' });
      else if (read.kind === 'subscription') await batches.push(read.subscription, read.suppressed);
      else if (read.kind === 'repeated') repeated += 1;
      else {
        const message = read.problems.map((each) => (each.column ? `${each.column}: ${each.message}` : each.message));
        refused.push({ line: read.line, message: message.join('; ') });
      }
    }
    const result = await batches.end();
    log.info('subscribers.imported', { newsletter: newsletter.id, ...result, refused: refused.length });
    return { ...result, lines, refused, repeated, ignoredColumns };
  }

  /** Recognises erased readers by the keyed hashes of their addresses. */
  async function erasedAddresses(audience: AudienceStore): Promise<(addressKey: string) => boolean> {
    const erased = new Set<string>();
    for await (const { addressKey, reason } of audience.suppressions()) if (reason === 'erased') erased.add(addressKey);
    return (addressKey) => erased.size > 0 && erasedKeys(addressKey).some((key) => erased.has(key));
  }

  return { importSubscribers };
}

/** Writes rows in batches and sums up the results. */
function openBatches(audience: AudienceStore, newsletter: string, now: Date) {
  let rows: NewSubscription[] = [];
  let sum: AddResult = { added: 0, updated: 0, unchanged: 0, suppressed: 0, unsubscribed: 0 };
  const flush = async () => {
    const result = await audience.add(newsletter, rows, now);
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
      if (suppressed) await audience.suppress(row.addressKey, suppressed, now);
      rows.push(row);
      if (rows.length >= BATCH) await flush();
    },
    end: async () => {
      if (rows.length > 0) await flush();
      return sum;
    },
  };
}
