/** The command line: finds the command, runs it, and turns what happened into an exit status. */
import { Command, CommanderError, Option } from 'commander';
import type { AppCommands } from '../app-commands.js';
import { GazetteError } from '../domain/errors.js';
import type { App, AppOpener, CommandContext } from './context.js';
import { EXIT, type ExitCode, exitCodeFor } from './exit-codes.js';
import { type Io, printable, styled } from './io.js';
import { COMMANDS } from './registry.js';

/** Runs one command line, given without the program's own name. Resolves with the exit status; never throws. */
export async function runCli(argv: readonly string[], io: Io, opener: AppOpener): Promise<ExitCode> {
  const isJson = argv.includes('--json');
  const program = defineProgram(io, opener.version, isJson);
  let exitCode: ExitCode = EXIT.done;
  let opened: Promise<App> | undefined;
  const door = () => {
    opened ??= opener.open();
    return opened;
  };
  const root = () => program.opts<{ root: string }>().root;
  const context: CommandContext = {
    io,
    door,
    isJson: () => isJson,
    root,
    flows: async () => {
      const flows = await (await door()).openAppCommands(root());
      await tellOfCopy(flows, io);
      return flows;
    },
    print: (value, text) => io.out(isJson ? `${JSON.stringify(value)}\n` : text(value)),
    exit: (code) => {
      exitCode = code;
    },
  };
  try {
    await addCommands(program, context, argv);
    await program.parseAsync(['node', 'gazette', ...argv]);
  } catch (error) {
    exitCode = failed(error, io, isJson);
  }
  // What failed to open has been told above.
  await (await opened?.catch(() => undefined))?.close();
  return exitCode;
}

function defineProgram(io: Io, version: string, isJson: boolean): Command {
  return new Command('gazette')
    .description('A digest of what is new on your blog, by mail, once, on time.')
    .version(version, '-V, --version')
    .addOption(rootOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nExit status: 0 done, 1 failed, 2 wrong use, 3 nothing to do, 4 needs a person.')
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      // With --json the error is an object on standard output, written where the exit status is decided.
      outputError: (text, write) => (isJson ? undefined : write(text)),
      getOutHelpWidth: () => Math.min(io.columns, 100),
      getErrHelpWidth: () => Math.min(io.columns, 100),
    });
}

function rootOption(): Option {
  return new Option('--root <dir>', 'the workspace').default('.', 'this folder');
}

function jsonOption(): Option {
  return new Option('--json', 'print one JSON object on standard output, and nothing else there');
}

/** Only the command that is called is loaded; the others are a name and a line of help. */
async function addCommands(program: Command, context: CommandContext, argv: readonly string[]): Promise<void> {
  const called = argv.find((word, index) => !word.startsWith('-') && argv[index - 1] !== '--root');
  for (const entry of COMMANDS) {
    const command = program.command(entry.name).summary(entry.summary).description(entry.summary);
    // Global options may stand behind the command as well.
    command.addOption(jsonOption().hideHelp()).addOption(new Option('--root <dir>').hideHelp());
    command.on('option:root', (root: string) => program.setOptionValue('root', root));
    if (entry.name === called || called === 'help') (await entry.load()).define(command, context);
  }
}

/** Reading goes on in a copy, but nobody should take it for the original. */
async function tellOfCopy(flows: AppCommands, io: Io): Promise<void> {
  const copiedAt = await flows.copiedAt();
  if (!copiedAt) return;
  const note = `This database is a copy, made ${copiedAt.toISOString()}: it sends nothing until \`gazette adopt\`.\n`;
  io.err(styled(io, 'yellow', note));
}

function failed(error: unknown, io: Io, isJson: boolean): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
  const told = error instanceof CommanderError ? usageError(error) : error;
  if (isJson) io.out(`${JSON.stringify({ error: errorJson(told) })}\n`);
  else if (!(error instanceof CommanderError)) io.err(errorText(told, io));
  return exitCodeFor(told);
}

function usageError(error: CommanderError): GazetteError {
  // Commander’s own word for a help text that was shown for want of a command.
  if (error.code === 'commander.help') return new GazetteError('usage', 'The command is missing or not whole.');
  return new GazetteError('usage', error.message.replace(/^error: /, ''));
}

function errorJson(error: unknown) {
  if (!(error instanceof GazetteError)) return { code: 'failed', message: String(error) };
  const { code, message, hint, where, problems } = error;
  return { code, message, hint, ...(where !== undefined && { where }), ...(problems.length > 0 && { problems }) };
}

/** An error as a person reads it: what, where, why, and what to do. */
function errorText(error: unknown, io: Pick<Io, 'hasColour'>): string {
  const mark = styled(io, 'red', 'error');
  if (!(error instanceof GazetteError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${mark} ${stack}\nThis is a fault of Gazette itself. Please report it with these lines.\n`;
  }
  const where = error.where === undefined ? '' : `${error.where}: `;
  const problems = (error.problems.length > 1 ? error.problems : []).map(
    (each) => `  ${styled(io, 'cyan', each.where)}  ${printable(each.message)}\n`,
  );
  return `${mark} ${where}${printable(error.message)}\n${problems.join('')}${causeText(error)}${styled(io, 'dim', `→ ${error.hint}`)}\n`;
}

function causeText({ cause, message }: GazetteError): string {
  const text = cause instanceof Error ? cause.message : '';
  return text === '' || message.includes(text) ? '' : `  because: ${printable(text)}\n`;
}
