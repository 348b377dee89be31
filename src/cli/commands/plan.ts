/** `gazette plan`: the next issue as it would be sent now. */
import type { Command } from 'commander';
import { dayText, momentText } from '../../domain/moment-text.js';
import { groupedByFault } from '../../domain/post.js';
import type { IssuePlan, PlannedArrangement, PlannedPost } from '../../issue/plan.js';
import type { CommandContext } from '../context.js';
import { editionRows } from '../edition-rows.js';
import { EXIT } from '../exit-codes.js';
import { clipped, columnsOf, counted, type Io, printable, styled } from '../io.js';
import { instantFrom, withExamples, withNewsletterArgument } from '../options.js';

export interface PlanOptions {
  readonly now?: Date;
  readonly explain?: boolean;
  readonly all?: boolean;
  readonly acceptWithdrawals?: boolean;
}

export function define(command: Command, context: CommandContext): void {
  withNewsletterArgument(command)
    .option('--now <moment>', 'plan as if the cut-off were this moment', instantFrom)
    .option('--explain', 'also list the posts that are not in it, each with its reason')
    .option('--all', 'list every edition, not only the ten with most readers')
    .option('--accept-withdrawals', 'treat posts missing from their source as gone')
    .action(async (id: string | undefined, options: PlanOptions) => {
      const { issues, newsletter } = await context.workspaceFor(id);
      const plan = await issues.plan({ newsletter, signal: context.io.signal, ...options });
      context.print(planJson(plan), () => planText(plan, newsletter.timezone, context.io, options));
      if (plan.outcome !== 'issue') context.exit(EXIT.nothingToDo);
    });
  withExamples(command, 'plan', 'plan weekly --explain', 'plan weekly --now 2026-06-15T08:00:00+01:00 --json');
}

function planJson({ failedSources, ...plan }: IssuePlan) {
  return { ...plan, failedSources };
}

/** A plan for people. */
export function planText(
  plan: IssuePlan,
  timezone: string,
  io: Io,
  { explain = false, all = false }: PlanOptions = {},
): string {
  const head = `${styled(io, 'bold', `${plan.title}, issue ${plan.number}`)}  ${styled(io, 'dim', `${momentText(plan.since, timezone)} to ${momentText(plan.cutoff, timezone)}`)}\n`;
  return [
    head,
    outcomeText(plan),
    sectionsText(plan, io),
    readersText(plan, all),
    arrangementText(plan, io),
    excludedText(plan, timezone, io, explain),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function outcomeText(plan: IssuePlan): string {
  if (plan.outcome === 'nothing-new') return `Nothing new: no issue.\n${beforeBaselineText(plan)}`;
  if (plan.outcome === 'too-few') return 'Too few posts for an issue (minPosts); they wait for the next one.\n';
  return '';
}

/** Tells people who try the program on an archive why there is nothing to send. */
function beforeBaselineText({ number, posts }: IssuePlan): string {
  const older = posts.filter(({ reason }) => reason === 'before-baseline').length;
  if (number > 1 || older === 0) return '';
  return `${counted(older, 'post')} too old for the first issue; set \`baseline\` in the newsletter’s file to include older posts.\n`;
}

/** The sections with their posts. */
export function sectionsText(plan: Pick<IssuePlan, 'sections' | 'heldOver'>, io: Io): string {
  const sections = plan.sections.map(({ title, posts }) => {
    const lines = posts.map((post) => `    ${clipped(printable(post), Math.max(30, io.columns - 6))}\n`);
    return `  ${styled(io, 'cyan', printable(title))}\n${lines.join('')}`;
  });
  const more = plan.heldOver > 0 ? `  ${counted(plan.heldOver, 'more post')} carried over to the next issue\n` : '';
  return sections.join('') + more;
}

/** How many readers would get it, and why the others would not. */
export function readersText({ readers, editions }: IssuePlan, isAll = false): string {
  const skipped = Object.entries(readers.skipped).map(([reason, count]) => `${count} ${reason}`);
  const tail =
    skipped.length > 0 ? ` (${counted(readers.total - readers.planned, 'reader')} skipped: ${skipped.join(', ')})` : '';
  const rows = editionRows(editions, ({ language, sections }) => [language, sections.join(', ')], {
    indent: '    ',
    isAll,
  });
  return `  ${counted(readers.planned, 'reader')} in ${counted(editions.length, 'edition')}${tail}\n${rows}`;
}

/** What an editor arranged, and what to fix in it. */
export function arrangementText(plan: IssuePlan, io: Io): string {
  return `${plan.arrangement ? arrangedText(plan.arrangement) : ''}${warningsText(plan, io)}`;
}

/** What to fix, although the issue can be sent. */
export function warningsText({ warnings }: IssuePlan, io: Io): string {
  return warnings
    .map(({ where, message }) => `${styled(io, 'yellow', 'warning')} ${printable(where)}: ${printable(message)}\n`)
    .join('');
}

function arrangedText(arrangement: PlannedArrangement): string {
  const { file, usedBy, introduction, subject, pinned, ordered, moved, leftOut, broughtIn } = arrangement;
  if (usedBy !== undefined) return `  ${file} was used for issue ${usedBy} and is not used again\n`;
  const counts = { pinned, ordered, moved, excluded: leftOut, added: broughtIn };
  const parts = [
    ...(introduction ? ['an introduction'] : []),
    ...(subject === undefined ? [] : [`subject “${printable(subject)}”`]),
    ...Object.entries(counts).flatMap(([name, count]) => (count === 0 ? [] : [`${count} ${name}`])),
  ];
  return `  arranged in ${file}: ${parts.join(', ')}\n`;
}

/** What is not in it although somebody may expect it. @param isExplained every post, with its reason */
export function excludedText(plan: IssuePlan, timezone: string, io: Io, isExplained = false): string {
  const broken = plan.posts.filter(({ message }) => message !== undefined);
  const failed = plan.failedSources.map(
    (source) => `${styled(io, 'yellow', 'warning')} source “${source}” failed; the issue is planned without it\n`,
  );
  const notes = plan.notes.map((note) => `${styled(io, 'dim', printable(note))}\n`).join('');
  const before = `${failed.join('')}${notes}`;
  if (!isExplained) return before + brokenText(broken, timezone, io);
  const out = plan.posts.filter(({ verdict }) => verdict === 'out');
  if (out.length === 0) return before;
  const title = styled(io, 'bold', `Not in the issue: ${counted(out.length, 'post')}`);
  return `${before}${title}\n${columnsOf(out.map((post) => outRow(post, timezone)))}`;
}

/** Files with one fault in common are one line. */
function brokenText(broken: readonly PlannedPost[], timezone: string, io: Io): string {
  if (broken.length === 0) return '';
  const groups = groupedByFault(broken.map((post) => ({ post, where: post.id, message: post.message ?? '' })));
  const rows = groups.map(({ post, count }) => {
    const [date = '', title = '', why = ''] = outRow(post, timezone);
    return count === 1 ? [date, title, why] : ['', `  ${counted(count, 'file')}`, `such as ${why}`];
  });
  const title = styled(io, 'bold', `Broken: ${counted(broken.length, 'file')}, not in the issue`);
  return `${title}\n${columnsOf(rows)}`;
}

function outRow(post: PlannedPost, timezone: string): readonly string[] {
  const date = post.publishedOn ?? (post.publishedAt ? dayText(post.publishedAt, timezone) : '—');
  const message = post.message === undefined ? '' : `: ${printable(post.message)}`;
  return [`  ${date}`, clipped(printable(post.title), 48), `${printable(post.reason)}${message}`];
}
