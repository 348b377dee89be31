/** `gazette doctor`: checks everything a send needs. */
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { printable, styled } from '../io.js';
import { withExamples } from '../options.js';

const MARKS = { ok: ['green', '✓'], warn: ['yellow', '!'], fail: ['red', '✗'] } as const;

export function define(command: Command, context: CommandContext): void {
  command
    .description('Checks mail server, DNS, public address, clock, database and disk. Exits with 4 when a check fails.')
    .action(async () => {
      const { io } = context;
      const report = await (await context.app()).doctor(context.root(), io.signal);
      context.print(report, () =>
        report.findings
          .map(({ check, level, text, hint }) => {
            const [colour, mark] = MARKS[level];
            const line = `${styled(io, colour, mark)} ${check.padEnd(11)}  ${printable(text)}\n`;
            return hint === undefined ? line : `${line}  ${styled(io, 'dim', `→ ${printable(hint)}`)}\n`;
          })
          .join(''),
      );
      if (!report.ok) context.exit(EXIT.needsAPerson);
    });
  withExamples(command, 'doctor', 'doctor --json');
}
