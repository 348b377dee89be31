/** The demo stands on the package's own sample, with a fresh store, an inbox of its own, and a clock that is set. */
import { randomBytes } from 'node:crypto';
import { join, relative } from 'node:path';
import { newsletterNamed } from './app-context.js';
import {
  type Built,
  buildApp,
  type HouseOptions,
  openStoreFile,
  PACKAGE,
  type Parts,
  readWorkspace,
} from './build-app.js';
import type { StudioRequest } from './cli/context.js';
import { readDemoSettings } from './config/read-demo.js';
import type { Clock, Files } from './domain/ports/host.js';
import { type DemoReport, type DemoRequest, runDemo } from './operate/demo.js';
import { systemClock } from './platform/clock.js';
import { openInbox } from './platform/inbox.js';
import { openLog } from './platform/log.js';
import { openStudioIn } from './run-studio.js';

/** Sends the sample issue to an inbox. */
export async function demo(
  options: HouseOptions,
  files: Files,
  root: string,
  request: DemoRequest,
): Promise<DemoReport> {
  const { folder, newsletter, readers, parts } = await freshDemo(options, files, root);
  const inbox = await openInbox();
  const workspace = await readWorkspace(files, PACKAGE);
  const { deps, close } = buildApp({ ...parts, workspace, settings: settingsTo(inbox.url) });
  try {
    const named = newsletterNamed(deps, newsletter);
    return await runDemo({ ...deps, newsletter: named, csv: readers, mails: () => inbox.mails, folder }, request);
  } finally {
    await close();
    await inbox.close();
  }
}

/** Opens the studio on a copy of the sample, which an editor may change as they like. */
export async function demoStudio(
  options: HouseOptions,
  files: Files,
  root: string,
  request: Omit<StudioRequest, 'root'>,
): Promise<void> {
  const { folder, newsletter, readers, parts } = await freshDemo(options, files, root);
  const workspace = join(folder, 'workspace');
  const content = join(PACKAGE, 'content');
  for (const path of (await files.list(content)) ?? []) {
    const bytes = await files.read(path);
    if (bytes) await files.writePrivate(join(workspace, 'content', relative(content, path)), bytes);
  }
  let isImported = false;
  const openContext = async ({
    inboxUrl,
    readings,
  }: {
    inboxUrl: string;
    readings: NonNullable<Parts['readings']>;
  }) => {
    const read = await readWorkspace(files, workspace);
    const built: Built = buildApp({ ...parts, workspace: read, settings: settingsTo(inboxUrl), readings });
    if (!isImported) {
      const named = newsletterNamed(built.deps, newsletter);
      await built.deps.readers.importSubscribers({ newsletter: named, source: readers });
      isImported = true;
    }
    return built;
  };
  try {
    await openStudioIn({ openContext, files, root: workspace }, request);
  } finally {
    await parts.store.close();
  }
}

/** Nothing of an earlier demo is left. */
async function freshDemo({ runParse }: HouseOptions, files: Files, root: string) {
  const folder = join(root, '.gazette', 'demo');
  for (const path of (await files.list(folder)) ?? []) await files.remove(path);
  const { newsletter, now } = await readDemoSettings(files, join(PACKAGE, 'content', 'demo.yaml'));
  const readers = (await files.read(join(PACKAGE, 'content', 'subscribers.csv'))) ?? new Uint8Array();
  await files.writePrivate(join(folder, '.gitignore'), '*\n');
  const store = await openStoreFile(files, join(folder, 'gazette.db'));
  const parts = {
    files,
    stateFolder: folder,
    store,
    clock: startedAt(now),
    log: openLog({ level: 'warn', format: 'pretty' }),
    runParse,
  };
  return { folder, newsletter, readers, parts };
}

function settingsTo(smtpUrl: string): Parts['settings'] {
  return {
    smtpUrl,
    publicUrl: 'https://news.fourth-floor.example.org',
    secrets: [{ kid: 'demo', secret: randomBytes(32).toString('base64url') }],
    rate: {},
  };
}

/** A clock that begins at a moment and runs on. */
function startedAt(moment: Date): Clock {
  const behindMs = systemClock.now().getTime() - moment.getTime();
  return { now: () => new Date(systemClock.now().getTime() - behindMs), sleep: systemClock.sleep };
}
