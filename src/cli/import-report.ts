/** What the commands that import a file have in common: where its lines come from, progress on a terminal, and the lines that were refused. */
import { GazetteError } from '../domain/errors.js';
import type { RefusedLine } from '../readers/import.js';
import type { Workspace } from './context.js';
import { counted, type Io, printable, styled } from './io.js';

/** The bytes of a file, or of standard input where its name is `-`. */
export function linesOf(io: Io, files: Workspace['files'], file: string): AsyncIterable<Uint8Array> {
  return file === '-' ? io.input : streamOf(files, file);
}

async function* streamOf(files: Workspace['files'], path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* files.stream(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new GazetteError('import.unreadable', `There is no file ${path}.`, { hint: 'Check the path.' });
  }
}

/** Every so many lines the count is shown again. */
const LINES_SHOWN = 1_000;

/** Shows on a terminal how many lines have been read. */
export function lineProgress(io: Io): { readonly onProgress?: (lines: number) => void } {
  if (!io.canRedraw) return {};
  return {
    onProgress(lines) {
      if (lines % LINES_SHOWN === 0) io.err(`\r\u001b[2K${counted(lines, 'line')} read\r`);
    },
  };
}

const MOST_REFUSED_SHOWN = 20;

/** The first refused lines with their reasons, and how many there were. @param taken what became of the others */
export function refusedText(
  { refused, refusedCount }: { readonly refused: readonly RefusedLine[]; readonly refusedCount: number },
  io: Io,
  taken: string,
): string {
  if (refusedCount === 0) return '';
  const shown = refused
    .slice(0, MOST_REFUSED_SHOWN)
    .map(({ line, message }) => `  line ${line}: ${printable(message)}\n`);
  const more = refusedCount - shown.length;
  const title = styled(io, 'red', `${counted(refusedCount, 'line')} refused`);
  return `${title}${taken}:\n${shown.join('')}${more > 0 ? `  and ${more} more\n` : ''}`;
}

export function ignoredText({ ignoredColumns }: { readonly ignoredColumns: readonly string[] }): string {
  return ignoredColumns.length > 0 ? `Ignored columns: ${ignoredColumns.map(printable).join(', ')}\n` : '';
}
