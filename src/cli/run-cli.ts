/** The command line: finds the command, runs it, and turns the result into an exit status. */
import { Command, CommanderError, Option } from 'commander';
import { GazetteError } from '../domain/errors.js';
import { machineFault } from '../domain/machine-fault.js';
import { newsletterNamed } from '../domain/newsletter.js';
import type { App, AppOpener, CommandContext, Workspace } from './context.js';
import { EXIT, type ExitCode, exitCodeFor } from './exit-codes.js';
import { type Io, printable, styled } from './io.js';
import { COMMANDS } from './registry.js';

/** Runs one command line, given without the program's own name. Resolves with the exit status; never throws. */
export async function runCli(argv: readonly string[], io: Io, opener: AppOpener): Promise<ExitCode> {
  const isJson = argv.includes('--json');
  const program = defineProgram(io, opener.version, isJson);
  let exitCode: ExitCode = EXIT.done;
  let opened: Promise<App> | undefined;
  const app = () => {
    opened ??= opener.open();
    return opened;
  };
  const root = () => program.opts<{ root: string }>().root;
  const workspace = async () => {
    const open = await (await app()).openWorkspace(root());
    await warnOfCopy(open, io);
    return open;
  };
  const context: CommandContext = {
    io,
    app,
    workspace,
    workspaceFor: async (id) => {
      const open = await workspace();
      return { ...open, newsletter: newsletterNamed(open, id) };
    },
    isJson: () => isJson,
    root,
    print: (value, text) => io.out(isJson ? `${JSON.stringify(value)}\n` : text(value)),
    exit: (code) => {
      exitCode = code;
    },
  };
  try {
    await addCommands(program, context, argv);
    await program.parseAsync(['node', 'gazette', ...argv]);
  } catch (error) {
    exitCode = report(error, io, isJson);
  }
  // A failure to open is reported above.
  await (await opened?.catch(() => undefined))?.close();
  return exitCode;
}

function defineProgram(io: Io, version: string, isJson: boolean): Command {
  return new Command('gazette')
    .description('Mails your readers a digest of what is new on your blog: once each, and on time.')
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
      // With --json the error is printed as an object on standard output, where the exit status is decided.
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

/** Loads only the command that is called; of the others only name and summary are needed. */
async function addCommands(program: Command, context: CommandContext, argv: readonly string[]): Promise<void> {
  const called = argv.find((word, index) => !word.startsWith('-') && argv[index - 1] !== '--root');
  for (const entry of COMMANDS) {
    const command = program.command(entry.name).summary(entry.summary).description(entry.summary);
    // Global options may follow the command as well.
    command.addOption(jsonOption().hideHelp()).addOption(new Option('--root <dir>').hideHelp());
    command.on('option:root', (root: string) => program.setOptionValue('root', root));
    if (entry.name === called || called === 'help') (await entry.load()).define(command, context);
  }
}

/** A copy can be read, but should not be taken for the original. */
async function warnOfCopy({ operate }: Workspace, io: Io): Promise<void> {
  const copiedAt = await operate.copiedAt();
  if (!copiedAt) return;
  const warning = `This database is a copy, made ${copiedAt.toISOString()}. Nothing is sent from it until you run \`gazette adopt\`.\n`;
  io.err(styled(io, 'yellow', warning));
}

function report(error: unknown, io: Io, isJson: boolean): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
  const reported = error instanceof CommanderError ? usageError(error) : (machineFault(error, io.person) ?? error);
  if (isJson) io.out(`${JSON.stringify({ error: errorJson(reported) })}\n`);
  else if (!(error instanceof CommanderError)) io.err(errorText(reported, io));
  return exitCodeFor(reported);
}

function usageError(error: CommanderError): GazetteError {
  // The code for a help text that is shown because there was no command.
  if (error.code === 'commander.help')
    return new GazetteError('usage', 'No command given, or a subcommand is missing.', { hint: 'See gazette --help.' });
  return new GazetteError('usage', error.message.replace(/^error: /, ''));
}

function errorJson(error: unknown) {
  if (!(error instanceof GazetteError)) return { code: 'failed', message: String(error) };
  const { code, message, hint, where, problems } = error;
  return { code, message, hint, ...(where !== undefined && { where }), ...(problems.length > 0 && { problems }) };
}

/** An error for people: what happened, where, why, and what to do. */
function errorText(error: unknown, io: Pick<Io, 'hasColour'>): string {
  const mark = styled(io, 'red', 'error');
  if (!(error instanceof GazetteError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${mark} ${stack}\nThis is a bug in Gazette. Please report it with these lines.\n`;
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
