/** `gazette serve`: sends every issue on time and serves the public pages, until it is asked to stop. */
import type { Command } from 'commander';
import type { CommandContext } from '../context.js';
import { portFrom, withExamples } from '../options.js';

interface ServeCliOptions {
  readonly port?: number;
  readonly host: string;
  readonly metricsPort?: number;
}

export function define(command: Command, context: CommandContext): void {
  command
    .description(
      'Sends every issue on time, and serves the pages readers see: sign-up, confirmation, preferences, ' +
        'unsubscribing, archive and feeds. ' +
        'Put a proxy with TLS in front of it; GAZETTE_PUBLIC_URL is its address on the internet.',
    )
    .option('--port <number>', 'where to listen; by default PORT, or else 8080', portFrom)
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option(
      '--metrics-port <number>',
      'also serve /healthz, /readyz and /metrics here; keep this port off the internet',
      portFrom,
    )
    .action(async ({ port, host, metricsPort }: ServeCliOptions) => {
      const { io } = context;
      await (await context.app()).serve({
        root: context.root(),
        host,
        signal: io.signal,
        ...(port !== undefined && { port }),
        ...(metricsPort !== undefined && { metricsPort }),
        onListening: (url) =>
          context.isJson() ? io.out(`${JSON.stringify({ listening: url })}\n`) : io.err(`Serving on ${url}\n`),
      });
    });
  withExamples(command, 'serve', 'serve --port 3000 --host 0.0.0.0');
}
