/** The demo: the package's own sample with a fresh store, an inbox on this machine, and a clock set to the sample's date. */
import { randomBytes } from 'node:crypto';
import { join, relative } from 'node:path';
import { buildApp, openStoreFile, PACKAGE, type Parts, type ProcessOptions, readWorkspace } from './build-app.js';
import type { StudioRequest } from './cli/context.js';
import { readDemoSettings } from './config/read-demo.js';
import { newsletterNamed } from './domain/newsletter.js';
import type { Clock, Files } from './domain/ports/host.js';
import { type DemoReport, type DemoRequest, runDemo } from './operate/demo.js';
import { systemClock } from './platform/clock.js';
import { openInbox } from './platform/inbox.js';
import { openLog } from './platform/log.js';
import { openListenerFor, openStudioIn, type StudioWorkspace } from './run-studio.js';

/** Sends the sample issue to an inbox. */
export async function demo(
  options: ProcessOptions,
  files: Files,
  root: string,
  request: DemoRequest,
): Promise<DemoReport> {
  const { folder, newsletterId, csv, parts } = await freshDemo(options, files, root);
  const inbox = await openInbox();
  const workspace = await readWorkspace(files, PACKAGE);
  const { deps, close } = buildApp({ ...parts, workspace, settings: settingsFor(inbox.url) });
  try {
    const newsletter = newsletterNamed(deps, newsletterId);
    const withPictures = async (html: string) => {
      const { posts } = await deps.store.posts.known([...deps.sources.keys()]);
      return deps.issues.withLocalPictures(
        html,
        posts.map(({ post }) => post),
      );
    };
    return await runDemo({ ...deps, mails: () => inbox.mails, withPictures }, { newsletter, csv, folder }, request);
  } finally {
    await close();
    await inbox.close();
  }
}

/** Opens the studio on a copy of the sample, which can be edited freely. */
export async function demoStudio(
  options: ProcessOptions,
  files: Files,
  root: string,
  request: Omit<StudioRequest, 'root'>,
): Promise<void> {
  const { folder, newsletterId, csv, parts } = await freshDemo(options, files, root);
  const workspaceRoot = join(folder, 'workspace');
  const content = join(PACKAGE, 'content');
  for (const path of (await files.list(content)) ?? []) {
    const bytes = await files.read(path);
    if (bytes) await files.writePrivate(join(workspaceRoot, 'content', relative(content, path)), bytes);
  }
  let isImported = false;
  const openContext: StudioWorkspace['openContext'] = async ({ inboxUrl, ...shared }) => {
    const workspace = await readWorkspace(files, workspaceRoot);
    const built = buildApp({ ...parts, workspace, settings: settingsFor(inboxUrl), ...shared });
    if (!isImported) {
      const newsletter = newsletterNamed(built.deps, newsletterId);
      await built.deps.readers.importSubscribers({ newsletter, source: csv });
      isImported = true;
    }
    return built;
  };
  const listener = await openListenerFor(request);
  try {
    await openStudioIn({ openContext, files, root: workspaceRoot, isSample: true }, { ...request, listener });
  } finally {
    await listener.close();
    await parts.store.close();
  }
}

/** Removes what an earlier demo left. */
async function freshDemo({ runParse, runMjml }: ProcessOptions, files: Files, root: string) {
  const folder = join(root, '.gazette', 'demo');
  for (const path of (await files.list(folder)) ?? []) await files.remove(path);
  const { newsletter: newsletterId, now } = await readDemoSettings(files, join(PACKAGE, 'content', 'demo.yaml'));
  const csv = (await files.read(join(PACKAGE, 'content', 'subscribers.csv'))) ?? new Uint8Array();
  await files.writePrivate(join(folder, '.gitignore'), '*\n');
  const parts = {
    files,
    stateFolder: folder,
    store: await openStoreFile(files, join(folder, 'gazette.db')),
    clock: startedAt(now),
    log: openLog({ level: 'warn', format: 'pretty' }),
    runParse,
    ...(runMjml && { runMjml }),
  };
  return { folder, newsletterId, csv, parts };
}

function settingsFor(smtpUrl: string): Parts['settings'] {
  return {
    smtpUrl,
    publicUrl: 'https://news.fourth-floor.example.org',
    secrets: [{ kid: 'demo', secret: randomBytes(32).toString('base64url') }],
    rate: {},
    proxies: {},
    sourceCredentials: new Map(),
  };
}

/** A clock that starts at a moment. */
function startedAt(moment: Date): Clock {
  const behindMs = systemClock.now().getTime() - moment.getTime();
  return { now: () => new Date(systemClock.now().getTime() - behindMs), sleep: systemClock.sleep };
}
