/** Opens the studio: the program is built again when its settings change, and mails go to an inbox where there is no mail server. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AppContext } from './app-context.js';
import { type BuiltApp, openTemplates, openWorkspace, PACKAGE, type ProcessOptions } from './build-app.js';
import type { StudioRequest } from './cli/context.js';
import type { Files, Log } from './domain/ports/host.js';
import type { Store } from './domain/ports/storage.js';
import { checkWeb } from './issue/check-web.js';
import { keepMails } from './platform/kept-mails.js';
import { watchFolders } from './platform/watch-folders.js';
import { openImport } from './readers/import.js';
import { openTemplateFiles, type TemplateFiles } from './render/index.js';
import { openStudioPages } from './render/studio-pages.js';
import { openStudio } from './studio/index.js';
import { openLiveDraft } from './studio/live-draft.js';
import type { StudioApp } from './studio/ports.js';
import { serveStudio } from './web/studio/serve-studio.js';
import { openStudioListener, type StudioListener } from './web/studio/studio-listener.js';

/** The workspace a studio is opened on. */
export interface StudioWorkspace {
  /** Builds the program from the workspace's files as they are now; the store is the same each time. */
  openContext(given: { readonly inboxUrl: string; readonly templates: TemplateFiles }): Promise<BuiltApp>;
  readonly files: Files;
  /** Its readers are samples: an issue may be sent to them into the inbox. */
  readonly isSample?: boolean;
  /** Absolute. */
  readonly root: string;
}

/** Opens the studio of a workspace until the signal is aborted. */
export async function runStudio(
  options: ProcessOptions,
  files: Files,
  root: string,
  request: Omit<StudioRequest, 'root'>,
): Promise<void> {
  let kept: { readonly store: Store; readonly log: Log } | undefined;
  const workspace: StudioWorkspace = {
    files,
    root,
    openContext: async (given) => {
      const built = await openWorkspace(options, files, root, { ...given, ...kept });
      kept = { store: built.deps.store, log: built.deps.log };
      return built;
    },
  };
  const listener = await openListenerFor(request);
  try {
    const isNew = await isEmpty(files, root);
    if (isNew) await setUp(options, files, root, { ...request, listener });
    const onListening = isNew ? () => undefined : request.onListening;
    if (!request.signal.aborted) await openStudioIn(workspace, { ...request, listener, onListening });
  } finally {
    await listener.close();
    await kept?.store.close();
  }
}

/** Opens the port, and says where it is. A token is needed wherever others can reach it. */
export async function openListenerFor(request: Omit<StudioRequest, 'root'>): Promise<StudioListener> {
  const isLoopback = /^(?:127\.\d+\.\d+\.\d+|localhost|::1)$/.test(request.host);
  return openStudioListener({ ...request, ...(!isLoopback && { token: newToken() }) });
}

/** Whether nobody has written settings there yet. */
async function isEmpty(files: Files, root: string): Promise<boolean> {
  const sources = await files.read(join(root, 'content', 'sources.yaml'));
  const newsletters = await files.list(join(root, 'content', 'newsletters'));
  return sources === undefined && (newsletters ?? []).length === 0;
}

interface AtListener extends Omit<StudioRequest, 'root'> {
  readonly listener: StudioListener;
}

/** Lets the editor make the first settings from a blog. Resolves once they are written, or the signal is aborted. */
async function setUp(
  options: ProcessOptions,
  files: Files,
  root: string,
  { listener, signal, onListening }: AtListener,
): Promise<void> {
  const { initFrom } = await import('./run-init.js');
  const { openFirstRunSite } = await import('./web/studio/first-run-site.js');
  const pages = studioPagesFrom(files);
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    const site = openFirstRunSite({
      guard: listener.guard,
      folder: root,
      init: (request) => initFrom(options, files, root, { ...request, signal }),
      print: (view) => pages.print('first-run', view, 'UTC'),
      asset: (name) => assetOf(files, name),
      onWritten: resolve,
    });
    listener.show(site);
    onListening(listener.url);
  });
}

function studioPagesFrom(files: Files) {
  return openStudioPages(openTemplateFiles({ files, folders: [join(PACKAGE, 'templates', 'studio')] }));
}

export async function openStudioIn(workspace: StudioWorkspace, request: AtListener): Promise<void> {
  const { files, root, isSample } = workspace;
  const { signal } = request;
  const templates = openTemplates(files, root);
  // A run closes its own connections, so only the latest transport can still be open.
  let built: BuiltApp | undefined;
  const inbox = await keepMails();
  // The draft is closed after the last run has settled.
  const end = new AbortController();
  try {
    const live = await openLiveDraft({
      openApp: async () => {
        built = await workspace.openContext({ inboxUrl: inbox.url, templates });
        return studioApp(built.deps, root);
      },
      watch: watchFolders,
      root,
      templates: [join(root, 'templates')],
      signal: end.signal,
    });
    const studio = openStudio({
      live,
      pages: studioPagesFrom(files),
      editor: request.editor,
      inbox,
      ...(isSample && { isSample }),
      signal,
    });
    await serveStudio({ ...request, studio, asset: (name) => assetOf(files, name) });
  } finally {
    end.abort();
    await built?.closeTransport();
    await inbox.close();
  }
}

/** The program as the studio uses it. @param root of the workspace, absolute */
export function studioApp(deps: AppContext, root: string): StudioApp {
  const { clock, log, files, erasedKeys } = deps;
  return {
    ...deps,
    checkWeb: (draft, editions, signal) => checkWeb(deps, draft, editions, signal),
    async importSampleReaders(newsletter, scratch) {
      const source = await files.read(join(root, 'content', 'subscribers.csv'));
      if (source === undefined) return;
      const { importSubscribers } = openImport({ store: scratch, erasedKeys, log });
      await importSubscribers({ newsletter, source, consentSource: 'sample' }, clock.now());
    },
  };
}

function newToken(): string {
  return randomBytes(24).toString('base64url');
}

const ASSETS: { readonly [name: string]: { readonly type: string; path(): string } } = {
  'studio.css': { type: 'text/css; charset=utf-8', path: () => join(PACKAGE, 'templates/studio/studio.css') },
  'studio.js': { type: 'text/javascript; charset=utf-8', path: () => join(PACKAGE, 'templates/studio/studio.js') },
  'run-axe.js': { type: 'text/javascript; charset=utf-8', path: () => join(PACKAGE, 'templates/studio/run-axe.js') },
  'axe.js': {
    type: 'text/javascript; charset=utf-8',
    path: () => fileURLToPath(import.meta.resolve('axe-core/axe.min.js')),
  },
  'icon.svg': { type: 'image/svg+xml', path: () => join(PACKAGE, 'templates/studio/icon.svg') },
  'idiomorph.js': {
    type: 'text/javascript; charset=utf-8',
    path: () => fileURLToPath(import.meta.resolve('idiomorph/dist/idiomorph.min.js')),
  },
};

async function assetOf(
  files: Files,
  name: string,
): Promise<{ readonly type: string; readonly body: Uint8Array } | undefined> {
  const asset = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
  const body = asset && (await files.read(asset.path()));
  return asset && body ? { type: asset.type, body } : undefined;
}
