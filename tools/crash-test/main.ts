/** `npm run crash-test -- --kills N --readers N [--seed N] [--json]`; on the database `DATABASE_URL` names, if it is set. */
import { parseArgs } from 'node:util';
import { EXIT, exitCodeFor } from '../../src/cli/exit-codes.js';
import { columnsOf, counted, printable } from '../../src/cli/io.js';
import { GazetteError } from '../../src/domain/errors.js';
import { type CrashTestProgress, type CrashTestReport, runCrashTest } from './run-crash-test.js';

/** With fewer readers for each kill, the issue is sent before the kills are done. */
const READERS_A_KILL = 10;
const PROGRESS_MS = 5_000;

const isJson = process.argv.includes('--json');
try {
  const request = requestFrom(process.argv.slice(2));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());
  const startedMs = performance.now();
  const report = await runCrashTest({
    ...request,
    env: process.env,
    signal: stop.signal,
    onProgress: progressLines(),
  });
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  process.stdout.write(isJson ? `${JSON.stringify({ ...report, seconds })}\n` : reportText(report, seconds));
  process.exitCode = report.ok ? EXIT.done : EXIT.failed;
} catch (error) {
  if (!(error instanceof GazetteError)) throw error;
  const { code, message, hint } = error;
  if (isJson) process.stdout.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
  else process.stderr.write(`error ${message}\n→ ${hint}\n`);
  process.exitCode = exitCodeFor(error);
}

function requestFrom(args: readonly string[]) {
  const number = { type: 'string' } as const;
  const options = { json: { type: 'boolean' }, kills: number, readers: number, seed: number } as const;
  const { values } = orUsage(() => parseArgs({ args: [...args], options }));
  const kills = countFrom('--kills', values.kills) ?? 20;
  const readers = countFrom('--readers', values.readers) ?? 1_000;
  if (readers < Math.max(1, kills * READERS_A_KILL)) {
    throw new GazetteError('usage', `${counted(kills, 'kill')} do not fit into an issue with ${readers} readers.`, {
      hint: `Give at least ${READERS_A_KILL} readers for each kill.`,
    });
  }
  return { kills, readers, seed: countFrom('--seed', values.seed) };
}

function orUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new GazetteError('usage', error instanceof Error ? error.message : String(error), {
      hint: 'npm run crash-test -- --kills 20 --readers 1000 --seed 7 --json',
    });
  }
}

function countFrom(option: string, text: string | undefined): number | undefined {
  if (text === undefined || /^\d{1,6}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new GazetteError('usage', `${option} ${text} is not a whole number up to 999999.`);
}

/** On standard error, so that it is there with --json as well. */
function progressLines() {
  let shownMs = performance.now();
  return ({ kills, ofKills, taken, readers }: CrashTestProgress) => {
    if (performance.now() - shownMs < PROGRESS_MS) return;
    shownMs = performance.now();
    process.stderr.write(
      `${kills} of ${counted(ofKills, 'kill')} · ${taken.toLocaleString('en')} mails taken, ${counted(readers, 'reader')}\n`,
    );
  };
}

function reportText(report: CrashTestReport, seconds: number): string {
  const { counts, faults } = report;
  const count = (name: string, value: number, meaning: string) => [`  ${name}`, value.toLocaleString('en'), meaning];
  const struck = Object.entries(faults).map(([fault, times]) => `${times} ${fault}`);
  return [
    `${counted(report.kills, 'kill')} of ${counted(report.senders, 'sender')} in ${seconds} s on ${report.database}, seed ${report.seed}\n`,
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
    ...[...report.findings, ...report.failures].map((line) => `  ${printable(line)}\n`),
    report.ok ? '\nNo reader was lost, and nothing came twice without a doubt.\n' : '\nThe crash test failed.\n',
  ].join('');
}
