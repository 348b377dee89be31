/** `gazette backup`: a consistent copy, also while an issue is being sent. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { withExamples } from '../options.js';

export function define(command: Command, context: CommandContext): void {
  command.argument('<file>', 'a SQLite file that is not there yet').action(async (name: string) => {
    const file = resolve(context.io.folder, name);
    await (await context.flows()).backup(file);
    context.print(
      { file },
      () => `Written to ${file}\nIt sends nothing until \`gazette adopt\` makes it the original.\n`,
    );
  });
  withExamples(command, 'backup gazette-2026-06-15.db');
}
