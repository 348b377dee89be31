/** Imports readers from a CSV file: valid lines are imported, all or none, and every other line is reported with the reason. */
import type { ColumnMap } from '../audience/csv-presets.js';
import { readSubscribers } from '../audience/import-csv.js';
import type { CellOptions } from '../audience/subscription-from-cells.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { AddResult, ImportResult, ListedReader } from '../domain/ports/audience.js';
import type { Log } from '../domain/ports/host.js';
import type { Store } from '../domain/ports/storage.js';
import type { ErasedKeys } from './personal-data.js';

export interface ImportRequest {
  readonly newsletter: Newsletter;
  readonly source: Uint8Array | AsyncIterable<Uint8Array>;
  /** How the file's headings and states are read. */
  readonly map?: ColumnMap;
  /** Only counts: writes nothing. */
  readonly dryRun?: boolean;
  /** How consent was given, for lines that do not say. */
  readonly consentSource?: string;
  /** Sees the report before anything is written, and says whether it is. */
  confirm?(report: ImportReport): Promise<boolean>;
  /** How many lines have been read. */
  onProgress?(lines: number): void;
}

export interface ImportReport extends AddResult {
  readonly lines: number;
  /** The first lines that were refused, in their order. */
  readonly refused: readonly RefusedLine[];
  readonly refusedCount: number;
  /** Lines whose address is on an earlier line, which is used. */
  readonly repeated: number;
  readonly ignoredColumns: readonly string[];
  /** How many readers the file has in each state, in its own words; only where it has a state column. */
  readonly states: { readonly [word: string]: number };
  readonly isWritten: boolean;
}

export interface RefusedLine {
  readonly line: number;
  readonly message: string;
}

export interface ImportDeps {
  readonly store: Pick<Store, 'audience'>;
  readonly erasedKeys: ErasedKeys;
  readonly log: Log;
}

/** How many refused lines a report names, and how many words for states it counts. */
const MOST_REFUSED = 1_000;
const MOST_STATES = 100;
const ERASED = 'email: the reader with this address asked to be erased';

export function openImport({ store, erasedKeys, log }: ImportDeps) {
  /** Reads the file once. Throws `import.unreadable`, and then nothing was imported. */
  async function importSubscribers(request: ImportRequest, now: Date): Promise<ImportReport> {
    const { newsletter, confirm, dryRun = false } = request;
    const file = openFile(request, now);
    const decide = async (result: ImportResult) => !dryRun && (confirm ? confirm(file.report(result)) : true);
    const terms = { now, erasedKeys, ...((confirm || dryRun) && { decide }) };
    const result = await store.audience.importList(newsletter.id, file.readers(), terms);
    const report = file.report(result);
    if (report.isWritten) {
      const { added, updated, unchanged, suppressed, unsubscribed, refusedCount: refused } = report;
      const counts = { added, updated, unchanged, suppressed, unsubscribed, refused };
      log.info('subscribers.imported', { newsletter: newsletter.id, ...counts });
    }
    return report;
  }

  return { importSubscribers };
}

/** The lines of one file: readers as they are read, and a report on the rest. */
function openFile({ newsletter, source, consentSource, map, onProgress }: ImportRequest, now: Date) {
  const options: CellOptions = {
    now,
    categories: newsletter.categories,
    ...(consentSource && { consentSource }),
    ...(map && { map }),
  };
  const refused: RefusedLine[] = [];
  const states = new Map<string, number>();
  let ignoredColumns: readonly string[] = [];
  let lines = 0;
  let refusedCount = 0;

  async function* readers(): AsyncGenerator<ListedReader> {
    for await (const read of readSubscribers(source, options)) {
      if (read.kind === 'ignored-columns') {
        ignoredColumns = read.columns;
        continue;
      }
      lines += 1;
      onProgress?.(lines);
      if (read.word !== undefined && (states.has(read.word) || states.size < MOST_STATES))
        states.set(read.word, (states.get(read.word) ?? 0) + 1);
      if (read.kind === 'subscription') {
        const { line, subscription, suppressed } = read;
        yield { line, ...subscription, ...(suppressed && { suppressed }) };
        continue;
      }
      refusedCount += 1;
      if (refused.length >= MOST_REFUSED) continue;
      const message = read.problems.map((each) => (each.column ? `${each.column}: ${each.message}` : each.message));
      refused.push({ line: read.line, message: message.join('; ') });
    }
  }

  function report({ erased, ...counts }: ImportResult): ImportReport {
    const all = [...refused, ...erased.lines.map((line) => ({ line, message: ERASED }))];
    return {
      ...counts,
      lines,
      refused: all.sort((one, other) => one.line - other.line).slice(0, MOST_REFUSED),
      refusedCount: refusedCount + erased.count,
      ignoredColumns,
      states: Object.fromEntries(states),
    };
  }

  return { readers, report };
}
