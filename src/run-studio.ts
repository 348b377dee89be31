/** The studio's program: built again when its settings change, with an inbox of its own where there is no mail server. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AppContext } from './app-context.js';
import { type BuiltApp, openWorkspace, PACKAGE, type ProcessOptions } from './build-app.js';
import type { StudioRequest } from './cli/context.js';
import type { Files, Log } from './domain/ports/host.js';
import type { Store } from './domain/ports/storage.js';
import { keepMails } from './platform/kept-mails.js';
import { watchFolders } from './platform/watch-folders.js';
import { openStudioPages } from './render/studio-pages.js';
import type { SourceTools } from './sources/index.js';
import { openStudio } from './studio/index.js';
import { openLiveDraft } from './studio/live-draft.js';
import { serveStudio } from './web/studio/serve-studio.js';

/** The workspace that a studio shows. */
export interface StudioWorkspace {
  /** Builds the program by the settings of this moment; the store is the same each time. */
  openContext(given: {
    readonly inboxUrl: string;
    readonly readings: NonNullable<SourceTools['readings']>;
  }): Promise<BuiltApp>;
  readonly files: Files;
  /** Of the workspace; absolute. */
  readonly root: string;
}

/** Serves the studio of the workspace in `root` until the signal is aborted. */
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
  try {
    await openStudioIn(workspace, request);
  } finally {
    await kept?.store.close();
  }
}

/** Serves the studio of a workspace until the signal is aborted. */
export async function openStudioIn(workspace: StudioWorkspace, request: Omit<StudioRequest, 'root'>): Promise<void> {
  const { files, root } = workspace;
  const { signal } = request;
  const readings: NonNullable<SourceTools['readings']> = new Map();
  // Every run of sending closes its own connections, so only the latest program can have an open transport.
  let built: BuiltApp | undefined;
  const mails = await keepMails();
  // The live draft ends only after the last run of sending.
  const end = new AbortController();
  try {
    const openContext = async (): Promise<AppContext> => {
      built = await workspace.openContext({ inboxUrl: mails.url, readings });
      return built.deps;
    };
    const live = await openLiveDraft({
      openContext,
      watch: watchFolders,
      root,
      templates: [join(root, 'templates')],
      signal: end.signal,
    });
    const flows = openStudio({
      live,
      pages: openStudioPages(files, join(PACKAGE, 'templates', 'studio')),
      editor: request.editor,
      inbox: mails,
      signal,
    });
    const isLoopback = /^(?:127\.\d+\.\d+\.\d+|localhost|::1)$/.test(request.host);
    await serveStudio({
      ...request,
      ...(!isLoopback && { token: newToken() }),
      flows,
      asset: (name) => assetOf(files, name),
    });
  } finally {
    end.abort();
    await built?.closeTransport();
    await mails.close();
  }
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
