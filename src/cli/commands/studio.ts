/** `gazette studio`: serves the editor's pages until it is stopped. */
import type { Command } from 'commander';
import type { CommandContext, StudioRequest } from '../context.js';
import { portFrom, repeated, withExamples } from '../options.js';

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
      'Opens the editor’s pages, where the next issue is arranged, previewed, checked, approved and sent. ' +
        'By default only this machine can open them; on any other address they need a token, which is printed at the start. ' +
        'Without SMTP_URL, mails go to an inbox inside the studio, and to no reader.',
    )
    .option('--port <number>', 'where to listen; 0 takes any free port', portFrom, 4400)
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--name <host>', 'another host name it is reached by, with its port; may be repeated', repeated, [])
    .option('--as <name>', 'who approves and sends here; by default the system user')
    .option('--open', 'open it in your browser')
    .action(async (options: StudioCliOptions) => (await context.app()).studio(studioRequest(context, options)));
  withExamples(command, 'studio', 'studio --open', 'studio --port 4400 --as "Ada from the news desk"');
}

/** The request of these options. */
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
