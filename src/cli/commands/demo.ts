/** `gazette demo`: sends the sample issue, end to end, without leaving this machine. */
import type { Command } from 'commander';
import type { DemoReport } from '../../operate/demo.js';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { columnsOf, counted, type Io, styled } from '../io.js';
import { portFrom, withExamples } from '../options.js';
import { openProgress } from '../progress.js';
import { sentText } from '../report-sent.js';
import { readersText, sectionsText } from './plan.js';
import { studioRequest } from './studio.js';

export function define(command: Command, context: CommandContext): void {
  command
    .option('--theme <name>', 'send it in this theme')
    .option('--studio', 'open the editor’s pages on a copy of the sample instead of sending')
    .option('--port <number>', 'with --studio: where to listen; 0 takes any free port', portFrom, 4400)
    .action(async ({ theme, studio, port }: { theme?: string; studio?: boolean; port: number }) => {
      const { io } = context;
      const app = await context.app();
      if (studio) return app.demoStudio(studioRequest(context, { port, host: '127.0.0.1', name: [] }));
      const progress = openProgress(io, context.isJson());
      const report = await app.demo({
        root: context.root(),
        onProgress: progress.update,
        ...(theme && { theme }),
      });
      progress.end();
      context.print(demoJson(report), () => demoText(report, io));
      if (!report.ok) context.exit(EXIT.failed);
    });
  withExamples(command, 'demo', 'demo --theme magazine', 'demo --studio');
}

function demoJson({ plan, sent, arrived, folder, again, ok }: DemoReport) {
  return {
    ok,
    issue: plan.number,
    sections: plan.sections,
    editions: plan.editions,
    counts: sent.counts,
    arrived: arrived.length,
    folder,
    again,
  };
}

function demoText({ plan, sent, arrived, folder, again, broken }: DemoReport, io: Io): string {
  const rows = arrived.slice(0, 3).map(({ to, subject }) => [`    ${to}`, subject]);
  const more = arrived.length > 3 ? `    … and ${arrived.length - 3} more\n` : '';
  return [
    `${styled(io, 'bold', `${plan.title}, issue ${plan.number}`)}\n${sectionsText(plan, io)}`,
    readersText(plan),
    sentText(sent.issue, sent.counts, io),
    `Arrived over SMTP: ${counted(arrived.length, 'mail')}\n${columnsOf(rows)}${more}`,
    broken > 0 ? `${counted(broken, 'post')} could not be read; \`gazette plan --explain\` lists them.\n` : '',
    `Sent again: ${again === 'nothing-new' ? 'nothing new, so no reader gets it twice' : again}.\n`,
    `The mails are in ${styled(io, 'cyan', folder)}\n  index.html  all of them, for a browser\n  *.eml  *.html  *.txt  each mail on its own\n`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}
