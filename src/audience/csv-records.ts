/** The records of a CSV file (RFC 4180, and the variants that spreadsheets write), streamed. */
import { pipeline, Readable } from 'node:stream';
import type { CastingContext, Options, Parser } from 'csv-parse';
import { GazetteError } from '../domain/errors.js';
import { type ByteSource, decodeText } from './decode-text.js';

/** Longer than any real line: an unclosed quotation mark would take in the rest of the file. */
const LONGEST_LINE = 64 * 1024;
/** With such a first line Excel is told the separator; split at that very separator, nothing may follow it. */
const SEPARATOR_LINE = /^"?sep=.?"?$/i;

/** Lines count from 1; a record of several lines is at its first. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The records of a file in turn. Throws `import.unreadable` where it is no table from some line on. */
export async function* recordsOf(source: ByteSource): AsyncGenerator<CsvRecord> {
  const { delimiter, text } = await delimiterOf(decodeText(source));
  const progress = { parsedTo: 0 };
  let line = 1;
  let isBegun = false;
  try {
    for await (const { cells, lines } of await parserOf(text, delimiter, progress)) {
      const isSeparator = !isBegun && SEPARATOR_LINE.test(cells.join(''));
      if (!isSeparator && (cells.length > 1 || cells[0]?.trim())) {
        isBegun = true;
        yield { line, cells };
      }
      line = lines + 1;
    }
  } catch (cause) {
    throw cause instanceof GazetteError ? cause : unreadable(cause, progress.parsedTo + 1);
  }
}

interface ParsedRecord {
  readonly cells: readonly string[];
  /** How many lines have been read with it. */
  readonly lines: number;
}

async function parserOf(
  text: AsyncIterable<string>,
  delimiter: string,
  progress: { parsedTo: number },
): Promise<AsyncIterable<ParsedRecord>> {
  const { parse } = await import('csv-parse');
  const withLines = (cells: readonly string[], { lines }: CastingContext): ParsedRecord => {
    // Kept outside the stream, which drops its buffered records on an error.
    progress.parsedTo = lines;
    return { cells, lines };
  };
  const parser: Parser = parse({
    delimiter,
    record_delimiter: '\n',
    relax_column_count: true,
    // A stray quotation mark inside a cell is no reason to refuse the file.
    relax_quotes: true,
    max_record_size: LONGEST_LINE,
    // Its type does not know that it may return something else than it was given.
    on_record: withLines as unknown as NonNullable<Options['on_record']>,
  });
  // An error of the text ends the parser with the same error, which its reader gets.
  pipeline(Readable.from(text), parser, () => undefined);
  return parser;
}

/** The separator that is most frequent in the first line, and the whole text again. */
async function delimiterOf(text: AsyncIterator<string>): Promise<{ delimiter: string; text: AsyncIterable<string> }> {
  let start = '';
  let isDone = false;
  while (!isDone && !start.trimStart().includes('\n') && start.length < LONGEST_LINE) {
    const step = await text.next();
    isDone = step.done === true;
    if (!step.done) start += step.value;
  }
  const [firstLine = ''] = start.trimStart().split('\n');
  const [, given] = /^"?sep=([^\n"])/i.exec(firstLine) ?? [];
  if (given !== undefined) return { delimiter: given, text: resumed(start, text) };
  const bare = firstLine.replace(/"[^"]*"/g, '');
  const counted = [',', ';', '\t'].map((mark) => ({ mark, count: bare.split(mark).length }));
  const most = counted.reduce((best, each) => (each.count > best.count ? each : best));
  return { delimiter: most.mark, text: resumed(start, text) };
}

async function* resumed(start: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield start;
  for (let step = await rest.next(); !step.done; step = await rest.next()) yield step.value;
}

function unreadable(cause: unknown, line: number): GazetteError {
  const code = (cause as { readonly code?: string }).code;
  const why =
    code === 'CSV_QUOTE_NOT_CLOSED'
      ? 'a quotation mark is opened and never closed'
      : code === 'CSV_MAX_RECORD_SIZE'
        ? `the line is longer than ${LONGEST_LINE / 1024} KB; a quotation mark may be missing`
        : String((cause as Error).message);
  return new GazetteError('import.unreadable', `The file cannot be read from line ${line} on: ${why}.`, {
    hint: 'Fix the line and import the file again; nothing was imported.',
    cause,
  });
}
