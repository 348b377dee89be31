/** The workspace a crash test runs in: a new folder with one post, a new database, and senders that run the built program. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { AppContext } from '../../src/app-context.js';
import { openWorkspace, PACKAGE } from '../../src/build-app.js';
import type { Issue } from '../../src/domain/issue.js';
import { initWorkspace } from '../../src/operate/init-workspace.js';
import { systemClock } from '../../src/platform/clock.js';
import { localFiles } from '../../src/platform/files.js';
import { openLog } from '../../src/platform/log.js';
import { parseHere } from '../../src/sources/index.js';
import { openTempFolder } from '../support/temp-folder.js';
import { startProgram } from './child-program.js';
import type { Sender } from './kill-senders.js';
import { leapingClock } from './leaping-clock.js';
import { openOwnDatabase } from './own-database.js';

export interface CrashWorkspace {
  /** Its clock leaps over long waits. */
  readonly deps: AppContext;
  readonly database: 'sqlite' | 'postgres';
  /** Starts a process that goes on sending an issue. */
  startSender(issue: Issue): Sender;
  /** Removes everything. */
  close(): Promise<void>;
}

export interface CrashWorkspaceRequest {
  readonly smtpUrl: string;
  readonly env: { readonly [name: string]: string | undefined };
}

/** That each sender opens. */
export const CONNECTIONS = 5;
const PROGRAM = join(PACKAGE, 'dist', 'main.js');

/** Throws `store.exists` when `DATABASE_URL` names a database that Gazette already uses. */
export async function openCrashWorkspace({ smtpUrl, env }: CrashWorkspaceRequest): Promise<CrashWorkspace> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each();
  };
  try {
    const folder = await openTempFolder('crash-test');
    closers.push(folder.remove);
    const root = folder.path;
    const database = await openOwnDatabase(env.DATABASE_URL, join(root, 'gazette.db'));
    closers.push(database.remove);

    const files = localFiles();
    const newSecret = () => randomBytes(32).toString('base64url');
    await initWorkspace({ files, model: join(PACKAGE, 'templates', 'workspace'), newSecret }, root);
    const post = `---\ntitle: The crash test\ndate: ${systemClock.now().toISOString()}\n---\n\nOnce, or twice after a doubt.\n`;
    await files.write(join(root, 'content', 'posts', 'crash-test.md'), post);

    const settings = {
      ...hostVariables(env),
      DATABASE_URL: database.url,
      SMTP_URL: `${smtpUrl}?pool=${CONNECTIONS}`,
      GAZETTE_LOG: 'info json',
    };
    const options = { env: settings, folder: root, isTerminal: false, runParse: parseHere };
    const built = await openWorkspace(options, files, root, {
      clock: leapingClock(systemClock),
      log: openLog({ level: 'silent', format: 'json' }),
    });
    closers.push(built.close);
    const startSender = ({ number }: Issue) => {
      const sender = startProgram(PROGRAM, ['--root', root, 'issue', 'resume', String(number), '--json'], settings);
      return { ...sender, untilSending: () => sender.untilItSays('issue.sending-started') };
    };
    return { deps: built.deps, database: database.kind, startSender, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What a process of this host needs to run at all and to reach its Postgres; Gazette's own settings are left out. */
function hostVariables(env: CrashWorkspaceRequest['env']): { readonly [name: string]: string } {
  const isNeeded = (name: string) => /^(?:PATH|SystemRoot|TEMP|HOME|LD_LIBRARY_PATH|PG[A-Z]+)$/.test(name);
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value !== undefined && isNeeded(name) ? [[name, value]] : [])),
  );
}
