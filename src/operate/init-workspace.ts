/**
 * Makes a workspace: a newsletter, a source, a first post, and a secret. It overwrites nothing; an existing .gitignore gets the
 * lines it lacks.
 */
import type { Files } from '../domain/ports/host.js';

export interface InitTools {
  readonly files: Files;
  /** The folder of the package that new workspaces are copied from. */
  readonly model: string;
  newSecret(): string;
}

/** Instead of the model's content. */
export interface GivenContent {
  readonly texts?: readonly { readonly path: string; readonly text: string }[];
  /** Further lines of `.env`. */
  readonly environment?: readonly string[];
}

export interface InitReport {
  readonly root: string;
  /** Paths below the root. */
  readonly written: readonly string[];
  readonly kept: readonly string[];
  /** Lines added to an existing .gitignore. */
  readonly ignored: readonly string[];
}

/** What must never be committed: the secret, the readers, and mails to them. */
const PRIVATE_NAMES = ['.env', '.gazette/', 'outbox/'];

export async function initWorkspace(
  tools: InitTools,
  root: string,
  { texts, environment = [] }: GivenContent = {},
): Promise<InitReport> {
  const { files, model } = tools;
  const written: string[] = [];
  const kept: string[] = [];
  const put = async (path: string, content: string | Uint8Array, write = files.write) => {
    const target = `${root}/${path}`;
    if ((await files.read(target)) !== undefined) kept.push(path);
    else {
      await write(target, content);
      written.push(path);
    }
  };
  for (const { path, text } of texts ?? []) await put(path, text);
  for (const path of texts ? [] : ((await files.list(model)) ?? [])) {
    const content = await files.read(path);
    if (content) await put(path.slice(model.length + 1).replaceAll('\\', '/'), content);
  }
  const ignored = await completeIgnore(files, `${root}/.gitignore`);
  if (ignored.length === 0) await put('.gitignore', PRIVATE_NAMES.map((name) => `${name}\n`).join(''));
  await put('.env', environmentText(tools.newSecret(), environment), files.writePrivate);
  return { root, written, kept, ignored };
}

/** Adds the names that an existing .gitignore does not ignore, and returns them. */
async function completeIgnore(files: Files, path: string): Promise<readonly string[]> {
  const bytes = await files.read(path);
  if (bytes === undefined) return [];
  const text = new TextDecoder().decode(bytes);
  const lacking = PRIVATE_NAMES.filter((name) => !isIgnored(text, name));
  if (lacking.length === 0) return [];
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const start = text === '' || text.endsWith('\n') ? '' : end;
  await files.write(path, `${text}${start}${lacking.map((name) => name + end).join('')}`);
  return lacking;
}

/** Whether the last line about a name, or about everything, ignores it. Other patterns are not read: an extra line does no harm. */
function isIgnored(text: string, name: string): boolean {
  const bare = name.replace(/\/$/, '');
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => ['*', bare].includes(line.replace(/^!?(?:\/|\*\*\/)?/, '').replace(/\/(?:\*{1,2})?$/, '')))
    .filter((line) => name.endsWith('/') || !line.endsWith('/'));
  return lines.length > 0 && !lines.at(-1)?.startsWith('!');
}

function environmentText(secret: string, others: readonly string[]): string {
  return [
    '# Settings of this machine. Never commit this file. They are explained in docs/settings.md of Gazette.',
    `GAZETTE_SECRET=k1:${secret}`,
    ...others,
    '# GAZETTE_PUBLIC_URL=https://news.example.org',
    '# SMTP_URL=smtps://user:password@mail.example.org',
    '# DATABASE_URL=postgres://user:password@localhost/gazette',
    '',
  ].join('\n');
}
