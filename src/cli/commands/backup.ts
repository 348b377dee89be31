/** `gazette backup`: a consistent copy of the database, also while an issue is being sent. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { withExamples } from '../options.js';

export function define(command: Command, context: CommandContext): void {
  command.argument('<file>', 'a SQLite file that does not exist yet').action(async (name: string) => {
    const file = resolve(context.io.folder, name);
    const { operate } = await context.workspace();
    await operate.backup(file);
    context.print(
      { file },
      () => `Written to ${file}\nNothing is sent from this copy until you run \`gazette adopt\` on it.\n`,
    );
  });
  withExamples(command, 'backup gazette-2026-06-15.db');
}
