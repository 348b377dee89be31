/** Makes a workspace: a newsletter, a source, a first post, and a secret. Never writes over what is there. */
import type { Files } from '../domain/ports.js';

export interface InitTools {
  readonly files: Files;
  /** The package's model of a workspace. */
  readonly model: string;
  newSecret(): string;
}

export interface InitReport {
  readonly root: string;
  /** Paths below the root. */
  readonly written: readonly string[];
  readonly kept: readonly string[];
}

export async function initWorkspace(tools: InitTools, root: string): Promise<InitReport> {
  const { files, model } = tools;
  const written: string[] = [];
  const kept: string[] = [];
  const put = async (path: string, content: string | Uint8Array) => {
    const target = `${root}/${path}`;
    if ((await files.read(target)) !== undefined) kept.push(path);
    else {
      await files.write(target, content);
      written.push(path);
    }
  };
  for (const path of (await files.list(model)) ?? []) {
    const content = await files.read(path);
    if (content) await put(path.slice(model.length + 1).replaceAll('\\', '/'), content);
  }
  await put('.gitignore', '.gazette/\n.env\n');
  await put('.env', environmentText(tools.newSecret()));
  return { root, written, kept };
}

function environmentText(secret: string): string {
  return [
    '# Settings of this machine; never commit this file. docs/settings.md of Gazette explains each.',
    `GAZETTE_SECRET=k1:${secret}`,
    '# GAZETTE_PUBLIC_URL=https://news.example.org',
    '# SMTP_URL=smtps://user:password@mail.example.org',
    '# DATABASE_URL=postgres://user:password@localhost/gazette',
    '',
  ].join('\n');
}
