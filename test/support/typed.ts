/** Runs a command line in this process, over a test context. */
import { Buffer } from 'node:buffer';
import type { App } from '../../src/cli/context.js';
import type { Io } from '../../src/cli/io.js';
import { runCli } from '../../src/cli/run-cli.js';
import type { TestContext } from './app-context.js';

export interface Terminal {
  /** Standard input. */
  readonly input?: string;
  /** What a person at the terminal answers, in this order; absent where there is no person. */
  readonly answers?: readonly string[];
  /** Ctrl-C was pressed once. */
  readonly signal?: AbortSignal;
}

export interface Typed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function typed(deps: TestContext, argv: readonly string[], terminal: Terminal = {}): Promise<Typed> {
  const { input = '', answers, signal = new AbortController().signal } = terminal;
  const left = [...(answers ?? [])];
  const said = { out: '', err: '' };
  const io: Io = {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    isInteractive: answers !== undefined,
    canRedraw: false,
    hasColour: false,
    columns: 100,
    ask: async (question) => {
      said.err += question;
      return left.shift();
    },
    questions: {
      text: async ({ message, initial = '' }) => {
        said.err += `${message}\n`;
        return left.shift() ?? initial;
      },
      choice: async ({ message, choices }) => {
        said.err += `${message}\n`;
        return left.shift() ?? (choices[0]?.value as string);
      },
    },
    input: (async function* () {
      yield Buffer.from(input);
    })(),
    open: () => undefined,
    signal,
    folder: '/',
    person: 'editor',
    monotonicMs: () => 0,
  };
  const app = { openWorkspace: async () => deps, close: async () => undefined } as unknown as App;
  const code = await runCli(argv, io, { version: '0', open: async () => app });
  return { code, ...said };
}
