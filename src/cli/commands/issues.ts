/** `gazette issues`: past and running issues, newest first. */
import type { Command } from 'commander';
import { needsPersonCount } from '../../domain/delivery.js';
import { momentText } from '../../domain/moment-text.js';
import { newsletterNamed } from '../../domain/newsletter.js';
import type { CommandContext } from '../context.js';
import { columnsOf, styled } from '../io.js';
import { withExamples, withNewsletterArgument } from '../options.js';
import { issueJson } from '../report-sent.js';

export function define(command: Command, context: CommandContext): void {
  withNewsletterArgument(command).action(async (id: string | undefined) => {
    const workspace = await context.workspace();
    const newsletter = id === undefined ? undefined : newsletterNamed(workspace, id);
    const lines = await workspace.sending.list(newsletter);
    const json = lines.map(({ issue, counts }) => ({
      ...issueJson(issue, counts, needsPersonCount(counts) === 0),
      occurrence: issue.occurrence,
      manual: issue.manual,
      posts: issue.posts.map(({ id }) => id),
    }));
    const { io } = context;
    const zoneOf = (newsletter: string) => workspace.newsletters.get(newsletter)?.timezone ?? 'UTC';
    context.print({ issues: json }, () => {
      if (lines.length === 0) return 'There is no issue yet. `gazette plan` shows the next one.\n';
      const head = ['Issue', 'Newsletter', 'Occurrence', 'State', 'Posts', 'Accepted', 'Of'].map((name) =>
        styled(io, 'dim', name),
      );
      const rows = lines.map(({ issue, counts }) => [
        String(issue.number),
        issue.newsletter,
        `${momentText(issue.occurrence, zoneOf(issue.newsletter))}${issue.manual ? ', by hand' : ''}`,
        issue.state,
        String(issue.posts.length),
        String(counts.accepted),
        String(counts.all),
      ]);
      return columnsOf([head, ...rows]);
    });
  });
  withExamples(command, 'issues', 'issues weekly --json');
}
