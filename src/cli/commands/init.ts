/** `gazette init`: creates a workspace. */
import type { Command } from 'commander';
import { momentText } from '../../domain/moment-text.js';
import type { CommandContext, InitFromReport, InitRequest } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { initAnswers } from '../init-answers.js';
import { clipped, columnsOf, counted, type Io, printable, styled } from '../io.js';
import { siteFrom, withExamples } from '../options.js';

/** What a person types; `--from` is checked apart. */
type InitOptions = Partial<Omit<InitRequest, 'signal' | 'ask'>>;

type Written = NonNullable<InitFromReport['written']>;

const NEXT = 'Next: put your posts in content/posts (or point content/sources.yaml at them), then run `gazette plan`.';

export function define(command: Command, context: CommandContext): void {
  command
    .argument('[dir]', 'where; this folder when absent')
    .option(
      '--from <blog>',
      'the blog: its address (WordPress, Ghost, a feed), the folder of its files, or an export of it (WordPress, Ghost, Substack)',
    )
    .option('--dry-run', 'with --from: show what would be written')
    .option('--title <text>', 'with --from: the title of the newsletter')
    .option('--language <tag>', 'with --from: its language, such as en')
    .option('--timezone <zone>', 'with --from: its time zone, such as Europe/London')
    .option('--schedule <cron>', 'with --from: when issues are sent, such as "0 8 * * 1"')
    .option('--site <url>', 'with --from: the address of the site that a folder is published at', siteFrom)
    .option('--sender <address>', 'with --from: the address issues are sent from')
    .option('--postal-address <text>', 'with --from: the postal address in the footer')
    .action(async (dir: string | undefined, { from, ...options }: InitOptions) => {
      const root = dir ?? context.root();
      if (from !== undefined) return initFrom(context, root, from, options);
      const report = await (await context.app()).init(root);
      context.print(report, (written) => `${writtenText(written)}\n${NEXT}\n`);
      if (report.written.length + report.ignored.length === 0) context.exit(EXIT.nothingToDo);
    });
  withExamples(
    command,
    'init',
    'init my-digest',
    'init my-digest --from https://blog.example.org/category/news/',
    'init my-digest --from ../my-site --dry-run',
    'init my-digest --from wordpress-export.xml',
  );
}

async function initFrom(context: CommandContext, root: string, from: string, options: InitOptions): Promise<void> {
  const { io } = context;
  const isAsked = io.isInteractive && !context.isJson();
  if (isAsked) io.err(`Reading ${printable(from)} …\n`);
  const app = await context.app();
  let isShown = false;
  const ask = async (found: InitFromReport['found']) => {
    isShown = true;
    io.err(whatIsFound(found, io));
    return initAnswers(found, io.questions);
  };
  const report = await app.initFrom(root, {
    ...{ from, ...options, signal: io.signal },
    ...(isAsked && options.dryRun !== true && { ask }),
  });
  const { found, texts, written } = report;
  const { credentials: _, ...shown } = found;
  context.print(
    { ...shown, files: texts, ...written },
    () => (isShown ? '' : whatIsFound(found, io)) + filesText(report, io),
  );
  if (written && written.written.length + written.ignored.length === 0) context.exit(EXIT.nothingToDo);
  if (isNew(report) && !context.isJson()) await showLastIssue(context, root, report);
}

function whatIsFound(found: InitFromReport['found'], io: Io): string {
  const { what, notes, posts, broken, categories, look, latest, timezone } = found;
  const unread = broken > 0 ? `, ${counted(broken, 'file')} that cannot be read` : '';
  const used = categories.map(({ title, posts: count }) => `${printable(title)} (${count})`).join(', ');
  const seen = [look?.accent && `colour ${look.accent}`, look?.logo && `logo ${look.logo}`].filter(Boolean).join(', ');
  const lines = [
    `${styled(io, 'bold', 'Found')} ${printable(what)}: ${counted(posts, 'post')}${unread}`,
    ...(used === '' ? [] : [`  categories: ${used}`]),
    ...(seen === '' ? [] : [`  ${printable(seen)}`]),
    ...notes.map((note) => styled(io, 'yellow', `  ${printable(note)}`)),
    '  the newest posts:',
  ];
  const newest = columnsOf(
    latest.map(({ title, publishedAt }) => [
      `    ${momentText(publishedAt, timezone)}`,
      clipped(printable(title), Math.max(30, io.columns - 36)),
    ]),
  );
  return `${lines.join('\n')}\n${newest}\n`;
}

function filesText(report: InitFromReport, io: Io): string {
  const { texts, written } = report;
  const files = texts.map(({ path, text }) => `${styled(io, 'bold', path)}\n${text}`).join('\n');
  return `${written ? writtenText(written) : files}${written && !isNew(report) ? KEPT : ''}`;
}

/** Whether the settings are those of this blog. */
function isNew({ texts, written }: InitFromReport): boolean {
  return written !== undefined && texts.every(({ path }) => written.written.includes(path));
}

const KEPT =
  'This folder has settings already, which were not changed. Name another folder for a new workspace, or add --dry-run to see what it would have.\n';

function writtenText({ root, written, kept, ignored }: Written): string {
  const lines = [
    ...written.map((path) => `  created  ${path}`),
    ...kept.map((path) => `  kept     ${path}`),
    ...(ignored.length > 0 ? [`  added to .gitignore: ${ignored.join(', ')}`] : []),
  ];
  return `Workspace in ${root}\n${lines.join('\n')}\n`;
}

/** More than the longest usual time between two issues. */
const AROUND_MS = 35 * 86_400_000;

/** The latest issue that the schedule would make of what is there, so that its owner sees at once what readers would get. */
async function showLastIssue(
  { app, io }: CommandContext,
  root: string,
  { at, found: { timezone, latest } }: InitFromReport,
): Promise<void> {
  const { issues, newsletters } = await (await app()).openWorkspace(root);
  const [newsletter] = newsletters.values();
  const newest = latest[0]?.publishedAt;
  if (!newsletter || !newest) return;
  const [from, to] = [-AROUND_MS, AROUND_MS].map((ms) => new Date(newest.getTime() + ms)) as [Date, Date];
  const rehearsal = await issues.rehearse({ newsletter, from, to });
  const last = rehearsal.issues.at(-1);
  const posts =
    last?.posts.map(({ title }) => `    ${clipped(printable(title), Math.max(30, io.columns - 6))}\n`) ?? [];
  const head = last
    ? `${last.occurrence > at ? 'The next issue would leave on' : 'The last issue would have left on'} ${momentText(last.occurrence, timezone)}, with ${counted(posts.length, 'post')}:\n`
    : 'The next issue will be the first to carry the newest post.\n';
  io.out(
    `\n${head}${posts.join('')}\nNext: \`gazette studio\` shows the coming issue; \`gazette preview\` its mail. Before a real send, set what \`gazette doctor\` names.\n`,
  );
}
