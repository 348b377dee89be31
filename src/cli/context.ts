/** What every command is handed: the terminal, and the way to the stories. */
import type { Command } from 'commander';
import type { AppCommands } from '../app-commands.js';
import type { DemoReport, DemoRequest } from '../operate/demo.js';
import type { DoctorReport } from '../operate/doctor.js';
import type { InitReport } from '../operate/init-workspace.js';
import type { ExitCode } from './exit-codes.js';
import type { Io } from './io.js';

/** The house from outside: a story is asked for, never a room. */
export interface App {
  /** Opens the workspace. The same one for every call in a process. */
  openAppCommands(root: string): Promise<AppCommands>;
  demo(request: DemoRequest & { readonly root: string }): Promise<DemoReport>;
  /** The studio on a copy of the sample. */
  demoStudio(request: StudioRequest): Promise<void>;
  init(root: string): Promise<InitReport>;
  /** Serves the public pages until the signal is aborted. */
  serve(request: ServeRequest): Promise<void>;
  /** Opens the editor's pages until the signal is aborted. */
  studio(request: StudioRequest): Promise<void>;
  /** Looks at everything a send needs. */
  doctor(root: string, signal: AbortSignal): Promise<DoctorReport>;
  close(): Promise<void>;
}

/** The way to the front door. Help, a version and a wrong option need no house, and do not wait for one. */
export interface AppOpener {
  readonly version: string;
  /** Called when a story is first asked for, and not again. */
  open(): Promise<App>;
}

export interface ServeRequest {
  readonly root: string;
  /** The environment's PORT, or else 8080, when absent; 0 takes any free one. */
  readonly port?: number;
  readonly host: string;
  /** Where the monitor listens, on the same address; absent: nowhere. */
  readonly metricsPort?: number;
  readonly signal: AbortSignal;
  onListening(url: string): void;
}

export interface StudioRequest {
  readonly root: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Other names it is reached by, with their ports. */
  readonly names: readonly string[];
  /** Who approves and sends there. */
  readonly editor: string;
  readonly signal: AbortSignal;
  onListening(url: string): void;
}

export interface CommandContext {
  readonly io: Io;
  /** The same door for every call. */
  door(): Promise<App>;
  /** `--json`: one object on standard output, nothing else there. */
  isJson(): boolean;
  flows(): Promise<AppCommands>;
  root(): string;
  /** Prints a result: the object as JSON, or what `text` makes of it for people. */
  print<T>(value: T, text: (value: T) => string): void;
  /** How the process ends when the command is through. */
  exit(code: ExitCode): void;
}

/** One line of the registry. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Adds options, arguments and the action to a command that has its name. */
  load(): Promise<{ readonly define: (command: Command, context: CommandContext) => void }>;
}
