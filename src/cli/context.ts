/** What every command is given: the terminal, and the way to the use cases. */
import type { Command } from 'commander';
import type { Approval } from '../approval/index.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Files } from '../domain/ports/host.js';
import type { Feedback } from '../feedback/index.js';
import type { Issues } from '../issue/index.js';
import type { DemoReport, DemoRequest } from '../operate/demo.js';
import type { DoctorReport } from '../operate/doctor.js';
import type { Operate } from '../operate/index.js';
import type { FoundWorkspace, InitFromRequest, InitFromTools } from '../operate/init-from.js';
import type { InitReport } from '../operate/init-workspace.js';
import type { Readers } from '../readers/index.js';
import type { Sending } from '../sending/index.js';
import type { ExitCode } from './exit-codes.js';
import type { Io } from './io.js';

/** The program as the command line uses it. Nothing is opened before it is needed. */
export interface App {
  /** The same workspace for every call in a process. */
  openWorkspace(root: string): Promise<Workspace>;
  demo(request: DemoRequest & { readonly root: string }): Promise<DemoReport>;
  /** Opens the studio on a copy of the sample. */
  demoStudio(request: StudioRequest): Promise<void>;
  init(root: string): Promise<InitReport>;
  /** Makes a workspace for a blog that is there. Throws `source.failed` when nothing can be read. */
  initFrom(root: string, request: InitRequest): Promise<InitFromReport>;
  /** Runs the service until the signal is aborted. */
  serve(request: ServeRequest): Promise<void>;
  /** Serves the editor's pages until the signal is aborted. */
  studio(request: StudioRequest): Promise<void>;
  /** Checks everything a send needs. */
  doctor(root: string, signal: AbortSignal): Promise<DoctorReport>;
  close(): Promise<void>;
}

export type InitRequest = Omit<InitFromRequest, 'root' | 'now'> &
  Pick<InitFromTools, 'ask'> & {
    /** Only show what would be written. */
    readonly dryRun?: boolean;
  };

export interface InitFromReport {
  /** When the blog was read. */
  readonly at: Date;
  readonly found: FoundWorkspace;
  /** The settings files, by paths below the workspace. */
  readonly texts: readonly { readonly path: string; readonly text: string }[];
  /** Absent for a dry run. */
  readonly written?: InitReport;
}

/** An open workspace: its newsletters and the use cases. */
export interface Workspace {
  readonly newsletters: ReadonlyMap<string, Newsletter>;
  readonly issues: Issues;
  readonly approval: Approval;
  readonly sending: Sending;
  readonly readers: Readers;
  readonly feedback: Feedback;
  readonly operate: Operate;
  readonly files: Pick<Files, 'read' | 'stream'>;
}

/** Loads the program. Help, the version and wrong options do not need it, and do not wait for it. */
export interface AppOpener {
  readonly version: string;
  /** Called at most once. */
  open(): Promise<App>;
}

export interface ServeRequest {
  readonly root: string;
  /** Absent: the environment's PORT, or else 8080. 0 takes any free port. */
  readonly port?: number;
  readonly host: string;
  /** Where the monitoring endpoints listen, on the same address; absent: nowhere. */
  readonly metricsPort?: number;
  readonly signal: AbortSignal;
  onListening(url: string): void;
}

export interface StudioRequest {
  readonly root: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Other host names it is reached by, with their ports. */
  readonly names: readonly string[];
  /** Who approves and sends there. */
  readonly editor: string;
  readonly signal: AbortSignal;
  onListening(url: string): void;
}

export interface CommandContext {
  readonly io: Io;
  /** The same program for every call. */
  app(): Promise<App>;
  workspace(): Promise<Workspace>;
  /** The workspace, and the newsletter of this id or the only one. Throws `config.missing-newsletter`. */
  workspaceFor(newsletter: string | undefined): Promise<Workspace & { readonly newsletter: Newsletter }>;
  /** `--json`: print one JSON object on standard output, and nothing else there. */
  isJson(): boolean;
  root(): string;
  /** Prints a result: the value as JSON, or the text made of it for people. */
  print<T>(value: T, text: (value: T) => string): void;
  /** Sets the exit status of the process. */
  exit(code: ExitCode): void;
}

/** One line of the registry. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Adds options, arguments and the action to the command of this name. */
  load(): Promise<{ readonly define: (command: Command, context: CommandContext) => void }>;
}
