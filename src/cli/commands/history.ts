/** `gazette history …`: what was mailed before Gazette. */
import type { Command } from 'commander';
import { GazetteError } from '../../domain/errors.js';
import type { MailedReport } from '../../issue/mark-mailed.js';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { counted, printable } from '../io.js';
import { hiddenJson, siteFrom, withExamples, withNewsletterOption } from '../options.js';

interface ImportOptions {
  readonly newsletter?: string;
  readonly site?: string;
  readonly dryRun?: boolean;
}

export function define(command: Command, context: CommandContext): void {
  const importing = command
    .command('import')
    .description('mark posts that another program has mailed, so that no issue mails them again')
    .argument('<file>', 'an export of WordPress, Ghost or Substack, or a text file with one address a line');
  withNewsletterOption(importing)
    .option('--site <url>', 'where the posts of an export are published, when it does not say so', siteFrom)
    .option('--dry-run', 'count what would be marked, and write nothing')
    .addOption(hiddenJson())
    .action((file: string, options: ImportOptions) => importFile(context, file, options));
  withExamples(
    command,
    'history import sent.txt',
    'history import export.zip --site https://blog.example.org --dry-run',
  );
}

async function importFile(context: CommandContext, file: string, options: ImportOptions): Promise<void> {
  const { dryRun = false, site } = options;
  const { issues, newsletter, files } = await context.workspaceFor(options.newsletter);
  const content = await files.read(file);
  if (content === undefined)
    throw new GazetteError('import.unreadable', `There is no file ${file}.`, { hint: 'Check the path.' });
  const report = await issues.markMailed({ newsletter, content, dryRun, ...(site !== undefined && { site }) });
  context.print(dryRun ? { dryRun, ...report } : report, () => reportText(report, dryRun));
  if (report.marked + report.already === 0) context.exit(EXIT.nothingToDo);
}

/** So many addresses are listed; more of them are counted. */
const MOST_LISTED = 20;

function reportText({ mailed, marked, already, unknown }: MailedReport, dryRun: boolean): string {
  const lines = [
    `${counted(mailed, 'post')} in the file: ${marked} ${dryRun ? 'would be marked' : 'marked'} as mailed, ${already} already.`,
  ];
  if (unknown.length > 0) lines.push(`${counted(unknown.length, 'post')} in no source of this newsletter:`);
  for (const each of unknown.slice(0, MOST_LISTED)) lines.push(`  ${printable(each)}`);
  if (unknown.length > MOST_LISTED) lines.push(`  … and ${unknown.length - MOST_LISTED} more`);
  if (dryRun) lines.push('Nothing was written.');
  return `${lines.join('\n')}\n`;
}
