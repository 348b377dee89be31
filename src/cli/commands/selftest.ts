/** `gazette selftest`: the crash test, on this machine alone and in a folder of its own. */
import { type Command, InvalidArgumentError } from 'commander';
import { GazetteError } from '../../domain/errors.js';
import type { SelftestProgress, SelftestReport } from '../../flows/selftest.js';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { columnsOf, counted, type Io, printable, styled } from '../io.js';
import { withExamples } from '../options.js';

interface SelftestOptions {
  readonly kills: number;
  readonly readers: number;
  readonly seed?: number;
}

/** Fewer readers for each kill, and the issue is out before the kills are done. */
const READERS_A_KILL = 10;
const PLAIN_LINE_MS = 5_000;
const REDRAW_MS = 100;

export function define(command: Command, context: CommandContext): void {
  command
    .description(
      'Sends an issue to a mail server full of faults, kills the sender at random points, and holds the ledger ' +
        'against what the server took: nobody may be lost, and a mail may come twice only where it was in doubt.',
    )
    .option('--kills <count>', 'how often the sender is killed', countFrom, 20)
    .option('--readers <count>', 'how many readers the issue has', countFrom, 1_000)
    .option('--seed <number>', 'repeat the faults of an earlier test', countFrom)
    .action((options: SelftestOptions) => test(context, options));
  withExamples(command, 'selftest', 'selftest --kills 200 --readers 5000', 'selftest --seed 7 --json');
}

async function test(context: CommandContext, { kills, readers, seed }: SelftestOptions): Promise<void> {
  if (readers < Math.max(1, kills * READERS_A_KILL)) {
    throw new GazetteError('usage', `${counted(kills, 'kill')} do not fit into an issue with ${readers} readers.`, {
      hint: `Give at least ${READERS_A_KILL} readers for each kill.`,
    });
  }
  const { io } = context;
  const startedMs = io.monotonicMs();
  const progress = openLine(io);
  const { signal } = io;
  const report = await (await context.door()).selftest({
    kills,
    readers,
    signal,
    onProgress: progress.update,
    ...(seed !== undefined && { seed }),
  });
  progress.end();
  const seconds = Math.round((io.monotonicMs() - startedMs) / 100) / 10;
  context.print({ ...report, seconds }, () => reportText(report, seconds, io));
  if (!report.ok) context.exit(EXIT.failed);
}

function countFrom(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a whole number, at most 999999.');
}

/** On standard error, so that it is there with --json as well. */
function openLine(io: Io) {
  let shownMs = io.monotonicMs();
  return {
    update: ({ kills, ofKills, taken, readers }: SelftestProgress) => {
      if (io.monotonicMs() - shownMs < (io.canRedraw ? REDRAW_MS : PLAIN_LINE_MS)) return;
      shownMs = io.monotonicMs();
      const line = `${kills} of ${counted(ofKills, 'kill')} · ${taken.toLocaleString('en')} mails taken, ${counted(readers, 'reader')}`;
      io.err(io.canRedraw ? `\r\u001b[2K${line}` : `${line}\n`);
    },
    end: () => {
      if (io.canRedraw) io.err('\r\u001b[2K');
    },
  };
}

function reportText(report: SelftestReport, seconds: number, io: Io): string {
  const { counts, faults } = report;
  const count = (name: string, value: number, meaning: string) => [`  ${name}`, value.toLocaleString('en'), meaning];
  const struck = Object.entries(faults).map(([fault, times]) => `${times} ${fault}`);
  const verdict = report.ok
    ? styled(io, 'green', 'Nobody was lost, and nothing came twice without a doubt.')
    : styled(io, 'red', 'The promise was broken.');
  return [
    `${counted(report.kills, 'kill')} of ${counted(report.senders, 'sender')} in ${seconds} s, seed ${report.seed}\n`,
    `Faults of the server: ${struck.join(', ') || 'none'}\n\n`,
    columnsOf([
      count(
        'readers',
        report.readers,
        `${counts.accepted} accepted, ${counts.rejected} rejected, ${counts.unknown} unknown`,
      ),
      count('taken', report.taken, 'mails the server has'),
      count('lost', report.lost, 'readers without a copy and without a reason'),
      count('repeated', report.repeated, 'second copies, with the same Message-ID'),
      count('allowed', report.allowed, 'readers in doubt at a kill or a fault: so many may be repeated'),
      count('unexplained', report.unexplained, 'copies that no doubt accounts for'),
    ]),
    ...[...report.findings, ...report.failures].map((line) => `  ${styled(io, 'red', printable(line))}\n`),
    `\n${verdict}\n`,
  ].join('');
}
