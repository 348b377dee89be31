/** The built program as its users meet it: a command line in a folder of files, and what it prints and ends with. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(ROOT, 'dist', 'main.js');

export type Env = { readonly [name: string]: string };

export interface RunOptions {
  /** The folder it runs in. */
  readonly folder: string;
  readonly env?: Env;
  readonly input?: string;
  /** Options of Node itself. */
  readonly node?: readonly string[];
  /** Another copy of the program. */
  readonly main?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** What it has said on standard error so far, a line each. */
  readonly said: readonly string[];
  /** Called with each line of standard error. */
  onLine(listener: (line: string) => void): void;
  readonly ended: Promise<Ended>;
}

/** Starts `gazette` with nothing of this process’s settings but the way to its programs. */
export function startGazette(args: readonly string[], options: RunOptions): Running {
  const { folder, node = [], main = MAIN } = options;
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  const env = { PATH, HOME, ...(TMPDIR && { TMPDIR }), ...options.env };
  const child = spawn(process.execPath, [...node, main, ...args], {
    cwd: folder,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A program that ends without reading its input is none of the test's affairs.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const said: string[] = [];
  const listeners: ((line: string) => void)[] = [];
  let stdout = '';
  let stderr = '';
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      said.push(line);
      for (const listener of listeners) listener(line);
    }
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, said, onLine: (listener) => void listeners.push(listener), ended };
}

/** Runs `gazette` to its end. */
export function gazette(args: readonly string[], options: RunOptions): Promise<Ended> {
  return startGazette(args, options).ended;
}

export interface Answer extends Ended {
  // biome-ignore lint/suspicious/noExplicitAny: what the program printed is what the tests are about
  readonly json: any;
}

/** Runs `gazette … --json`; standard output must be one object and nothing else. */
export async function gazetteJson(args: readonly string[], options: RunOptions): Promise<Answer> {
  const ended = await gazette([...args, '--json'], options);
  const lines = ended.stdout.split('\n');
  if (lines.length !== 2 || lines[1] !== '') {
    throw new Error(`not one object: ${ended.stdout}\n${ended.stderr}`);
  }
  return { ...ended, json: JSON.parse(lines[0] ?? '') };
}

/** An empty folder, and how to remove it. */
export async function aTempFolder(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'gazette-e2e-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }) };
}

/** An empty folder for one test. */
export async function aFolder(): Promise<string> {
  const { folder, remove } = await aTempFolder();
  onTestFinished(remove);
  return folder;
}

export type Texts = { readonly [path: string]: string };

export async function writeFiles(folder: string, files: Texts): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

export const SOURCES = `blog:
  kind: markdown
  dir: posts
  site: https://blog.example.org
  url: /:year/:month/:day/:slug/
  timezone: UTC
`;

export const CATEGORIES = ['software', 'chemistry', 'reading', 'instruments', 'teaching', 'lab-life'] as const;

export const WEEKLY = `id: weekly
title: Notes
language: en
timezone: UTC
schedule: "0 8 * * 1"
sources: [blog]
categories: [${CATEGORIES.join(', ')}]
theme: plain
sender:
  name: Notes
  address: notes@example.org
postalAddress: 1 Example Street, Exampletown
`;

/** A post of yesterday, so that an issue made at this moment carries it. */
export function aPostFile(title: string, categories: readonly string[] = []): string {
  const yesterday = new Date(Date.now() - 86_400_000).toISOString();
  return `---\ntitle: ${title}\ndate: ${yesterday}\ncategories: [${categories.join(', ')}]\n---\n\nThe body of ${title}.\n`;
}

export interface ReaderRow {
  readonly address: string;
  readonly language?: string;
  readonly preferences?: readonly string[];
}

export function aReadersFile(readers: readonly ReaderRow[]): string {
  const rows = readers.map(
    ({ address, language = '', preferences = [] }) =>
      `${address},,${language},${preferences.join(';')},test,2026-01-01`,
  );
  return `email,name,language,categories,consent_source,consent_at\n${rows.join('\n')}\n`;
}

export interface WorkspaceWishes {
  readonly readers?: readonly ReaderRow[];
  /** In place of two posts, or besides the settings. */
  readonly files?: Texts;
}

export const TWO_POSTS: Texts = {
  'content/posts/a-valve.md': aPostFile('A valve', ['instruments']),
  'content/posts/a-parser.md': aPostFile('A parser', ['software']),
};

/** A workspace with one newsletter, its posts and its readers. */
export async function aWorkspace({ readers = [], files = {} }: WorkspaceWishes = {}, env: Env = {}): Promise<string> {
  const folder = await aFolder();
  const hasPosts = Object.keys(files).some((path) => path.startsWith('content/posts/'));
  await writeFiles(folder, {
    'content/sources.yaml': SOURCES,
    'content/newsletters/weekly.yaml': WEEKLY,
    ...(hasPosts ? {} : TWO_POSTS),
    ...files,
  });
  if (readers.length > 0) {
    const ended = await gazette(['subscribers', 'import', '-'], { folder, env, input: aReadersFile(readers) });
    if (ended.code !== 0) throw new Error(`the readers were not taken: ${ended.stdout}${ended.stderr}`);
  }
  return folder;
}

/** `reader1@example.org`, … */
export function manyReaders(count: number, wishesOf: (nth: number) => readonly string[] = () => []): ReaderRow[] {
  return Array.from({ length: count }, (_, nth) => ({
    address: `reader${nth + 1}@example.org`,
    preferences: wishesOf(nth),
  }));
}

/** Freezes issue 1 of a workspace and dies before its last mail has left; needs GAZETTE_LOG to say when. */
export async function freezeAndDie(folder: string, env: Env): Promise<void> {
  const run = startGazette(['send', '--yes', '--json'], { folder, env });
  run.onLine((line) => {
    if (line.includes('"issue.frozen"')) run.child.kill('SIGKILL');
  });
  const { stdout, stderr } = await run.ended;
  if (run.child.signalCode !== 'SIGKILL') throw new Error(`it ended before it was killed: ${stdout}${stderr}`);
}
