/** `gazette check`: finds what to fix in the next issue, for people and for CI. */
import { type Command, Option } from 'commander';
import { type Finding, hasFindingsAt } from '../../domain/finding.js';
import type { CheckReport } from '../../issue/check.js';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { counted, type Io, printable, styled } from '../io.js';
import { instantFrom, withExamples, withNewsletterArgument } from '../options.js';

interface CheckOptions {
  readonly now?: Date;
  readonly links?: boolean;
  readonly failOn: 'error' | 'warning';
}

const STYLES = { error: ['red', '✗'], warning: ['yellow', '!'], note: ['cyan', 'i'] } as const;

export function define(command: Command, context: CommandContext): void {
  withNewsletterArgument(command)
    .description('Checks links, pictures, headings, contrast, size, headers, text part and subject. Sends nothing.')
    .addOption(
      new Option('--fail-on <level>', 'exit with 1 for findings of this level or worse')
        .choices(['error', 'warning'])
        .default('error'),
    )
    .option('--links', 'also request every link and picture')
    .option('--now <moment>', 'as if the cut-off were this moment', instantFrom)
    .action(async (id: string | undefined, { failOn, ...options }: CheckOptions) => {
      const { issues, newsletter } = await context.workspaceFor(id);
      const report = await issues.check({ newsletter, signal: context.io.signal, ...options });
      const ok = !hasFindingsAt(report.findings, failOn);
      const { outcome, findings } = report;
      context.print({ newsletter: report.newsletter, outcome, ok, findings }, () => reportText(report, context.io));
      if (!ok) context.exit(EXIT.failed);
    });
  withExamples(command, 'check', 'check weekly --fail-on warning', 'check weekly --links --json');
}

const SAMPLE = 'There is no issue to check: a sample issue was checked instead.\n';

function reportText({ outcome, findings }: CheckReport, io: Io): string {
  return `${outcome === 'issue' ? '' : SAMPLE}${findingsText(findings, io)}`;
}

function findingsText(findings: readonly Finding[], io: Io): string {
  if (findings.length === 0) return `${styled(io, 'green', '✓')} Nothing to fix.\n`;
  const places = new Map<string, Finding[]>();
  for (const finding of findings) places.set(finding.where, [...(places.get(finding.where) ?? []), finding]);
  const groups = [...places].map(
    ([where, group]) =>
      `${styled(io, 'bold', printable(where))}\n${group.map((each) => findingText(each, io)).join('')}`,
  );
  const sum = (['error', 'warning', 'note'] as const)
    .map((level) => counted(findings.filter((finding) => finding.level === level).length, level))
    .join(', ');
  return `${groups.join('\n')}\n${sum}\n`;
}

function findingText({ level, code, message, fix, editions, editionCount = 0 }: Finding, io: Io): string {
  const [colour, mark] = STYLES[level];
  const named = printable(editions?.join(' · ') ?? '');
  const some =
    editionCount > (editions?.length ?? 0)
      ? `in ${editionCount.toLocaleString('en')} editions, such as ${named}`
      : `only in ${named}`;
  const only = editions ? `    ${styled(io, 'dim', some)}\n` : '';
  return (
    `  ${styled(io, colour, mark)} ${printable(message)} ${styled(io, 'dim', code)}\n` +
    `    ${styled(io, 'dim', `→ ${printable(fix)}`)}\n${only}`
  );
}
