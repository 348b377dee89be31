/** Imports addresses that must get no mail from a file: valid lines are imported, all or none, and every other line is reported. */
import { readSuppressions } from '../audience/import-suppressions.js';
import type { AudienceStore, ListedSuppression, SuppressResult } from '../domain/ports/audience.js';
import type { Log } from '../domain/ports/host.js';
import type { RefusedLine } from './import.js';

export interface SuppressionsRequest {
  readonly source: Uint8Array | AsyncIterable<Uint8Array>;
  /** Only counts: writes nothing. */
  readonly dryRun?: boolean;
  /** How many lines have been read. */
  onProgress?(lines: number): void;
}

export interface SuppressionsReport extends SuppressResult {
  readonly lines: number;
  /** The first lines that were refused, in their order. */
  readonly refused: readonly RefusedLine[];
  readonly refusedCount: number;
  readonly ignoredColumns: readonly string[];
  /** How many lines give a reason in words that are not known, by word; these addresses are suppressed as `manual`. */
  readonly otherReasons: { readonly [word: string]: number };
}

export interface ImportSuppressionsDeps {
  readonly audience: Pick<AudienceStore, 'suppressList'>;
  readonly log: Pick<Log, 'info'>;
}

const MOST_REFUSED = 1_000;
const MOST_WORDS = 100;

export function openImportSuppressions({ audience, log }: ImportSuppressionsDeps) {
  /** Reads the file once. Throws `import.unreadable`, and then nothing was imported. */
  async function importSuppressions(request: SuppressionsRequest, now: Date): Promise<SuppressionsReport> {
    const { source, dryRun = false, onProgress } = request;
    const refused: RefusedLine[] = [];
    const words = new Map<string, number>();
    let ignoredColumns: readonly string[] = [];
    let lines = 0;
    let refusedCount = 0;

    async function* addresses(): AsyncGenerator<ListedSuppression> {
      for await (const read of readSuppressions(source)) {
        if (read.kind === 'ignored-columns') {
          ignoredColumns = read.columns;
          continue;
        }
        lines += 1;
        onProgress?.(lines);
        if (read.kind === 'refused') {
          refusedCount += 1;
          if (refused.length < MOST_REFUSED) refused.push({ line: read.line, message: read.message });
          continue;
        }
        const { line, addressKey, reason, otherWord } = read;
        if (otherWord !== undefined && (words.has(otherWord) || words.size < MOST_WORDS))
          words.set(otherWord, (words.get(otherWord) ?? 0) + 1);
        yield { line, addressKey, reason };
      }
    }

    const counts = await audience.suppressList(addresses(), { now, isDry: dryRun });
    const otherReasons = Object.fromEntries(words);
    const report = { ...counts, lines, refused, refusedCount, ignoredColumns, otherReasons };
    if (!dryRun) log.info('suppressions.imported', { ...counts, refused: refusedCount });
    return report;
  }

  return { importSuppressions };
}
