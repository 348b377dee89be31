/** `gazette init`: creates a workspace. */
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { withExamples } from '../options.js';

const NEXT = 'Next: put your posts in content/posts (or point content/sources.yaml at them), then run `gazette plan`.';

export function define(command: Command, context: CommandContext): void {
  command.argument('[dir]', 'where; this folder when absent').action(async (dir: string | undefined) => {
    const report = await (await context.app()).init(dir ?? context.root());
    context.print(report, ({ root, written, kept, ignored }) => {
      const lines = [
        ...written.map((path) => `  created  ${path}`),
        ...kept.map((path) => `  kept     ${path}`),
        ...(ignored.length > 0 ? [`  added to .gitignore: ${ignored.join(', ')}`] : []),
      ];
      return `Workspace in ${root}\n${lines.join('\n')}\n\n${NEXT}\n`;
    });
    if (report.written.length + report.ignored.length === 0) context.exit(EXIT.nothingToDo);
  });
  withExamples(command, 'init', 'init my-digest');
}
