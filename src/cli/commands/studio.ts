/** `gazette studio`: the editor's pages, until the editor is done. */
import type { Command } from 'commander';
import type { CommandContext, StudioRequest } from '../context.js';
import { portFrom, withExamples } from '../options.js';

interface StudioCliOptions {
  readonly port: number;
  readonly host: string;
  readonly name: readonly string[];
  readonly as?: string;
  readonly open?: boolean;
}

export function define(command: Command, context: CommandContext): void {
  command
    .description(
      'Opens the editor’s pages: the next issue as it stands, to arrange, look at, check, approve and send. ' +
        'It answers on this machine alone; on any other address it asks for a token that is printed when it begins. ' +
        'Without SMTP_URL, mails go to an inbox inside the studio and to nobody else.',
    )
    .option('--port <number>', 'where to listen; 0 takes any free port', portFrom, 4400)
    .option('--host <address>', 'on which address', '127.0.0.1')
    .option('--name <host>', 'another name it is reached by, with its port; may be repeated', collected, [])
    .option('--as <name>', 'who approves and sends here; the system’s user when absent')
    .option('--open', 'open it in your browser')
    .action(async (options: StudioCliOptions) => (await context.door()).studio(studioRequest(context, options)));
  withExamples(command, 'studio', 'studio --open', 'studio --port 4400 --as "Ada from the news desk"');
}

/** What a door is asked for, from what a person wrote. */
export function studioRequest(
  context: CommandContext,
  { port, host, name, as, open }: StudioCliOptions,
): StudioRequest {
  const { io } = context;
  return {
    root: context.root(),
    port,
    host,
    names: name,
    editor: as ?? io.person,
    signal: io.signal,
    onListening: (url) => {
      if (context.isJson()) io.out(`${JSON.stringify({ listening: url })}\n`);
      else io.err(`The studio is open at ${url}\nStop it with Ctrl-C.\n`);
      if (open) io.open(url);
    },
  };
}

function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}
