/** A whole studio for tests: real pages, routes and use cases over a context whose clock, transport and files a test controls. */
import { readFile } from 'node:fs/promises';
import { vi } from 'vitest';
import type { AppContext } from '../../src/app-context.js';
import type { Log } from '../../src/domain/ports/host.js';
import type { StudioInbox } from '../../src/domain/studio-inbox.js';
import { localFiles } from '../../src/platform/files.js';
import { openTemplateFiles } from '../../src/render/index.js';
import { openStudioPages } from '../../src/render/studio-pages.js';
import { studioApp } from '../../src/run-studio.js';
import { openStudio, type Studio } from '../../src/studio/index.js';
import { type LiveDraft, openLiveDraft } from '../../src/studio/live-draft.js';
import type { StudioPage } from '../../src/studio/page.js';
import { sendPage } from '../../src/studio/pages/send.js';
import { openHttp } from '../../src/web/http-server.js';
import { openStudioSite } from '../../src/web/studio/open-studio-site.js';
import { aContext, type ContextOptions, TEMPLATES, type TestContext } from './app-context.js';
import { ROOT } from './config-files.js';

export const STUDIO_HOST = '127.0.0.1:4400';

export interface TestStudio {
  readonly deps: TestContext;
  readonly studio: Studio;
  readonly live: LiveDraft;
  /** What a page of the newsletter `weekly` shows. */
  view<View extends object>(page: StudioPage<View>, query?: string): Promise<View>;
  /** Sends any request. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** A page as text. */
  read(path: string): Promise<string>;
  /** Sends a form as the studio's own page; follows no redirect. */
  post(path: string, body: string): Promise<Response>;
  /** The arrangement's file; empty if there is none. */
  arrangement(): Promise<string>;
  /** Reads what a test did to the ledger by itself. */
  refresh(): Promise<void>;
  /** Waits until nothing is being sent. */
  settled(): Promise<void>;
  /** Everything that an action can change, as one text. */
  state(): Promise<string>;
  /** On a port, for a browser. */
  serve(): Promise<{ readonly url: string; close(): Promise<void> }>;
  /** Closes the studio. */
  readonly stop: AbortController;
}

export interface StudioOptions extends ContextOptions {
  readonly inbox?: StudioInbox;
  /** By default its readers are samples, to whom an issue may be sent into the inbox. */
  readonly isSample?: boolean;
  /** How the transport describes where mails go. */
  readonly destination?: string;
  /** The studio is reachable by others and asks for this token. */
  readonly token?: string;
  readonly log?: Log;
}

/** A live draft over a context. Its files are not watched. */
export function aLiveDraft(deps: AppContext, stop = new AbortController()): Promise<LiveDraft> {
  return openLiveDraft({
    openApp: async () => studioApp(deps, ROOT),
    watch: async () => undefined,
    root: ROOT,
    templates: [],
    signal: stop.signal,
  });
}

/** A studio over a live draft. */
export function aStudioOf(live: LiveDraft, signal: AbortSignal, inbox?: StudioInbox, isSample = true): Studio {
  const pages = openStudioPages(openTemplateFiles({ files: localFiles(), folders: [`${TEMPLATES}/studio`] }));
  return openStudio({ live, pages, editor: 'Ada', signal, isSample, ...(inbox && { inbox }) });
}

export async function aStudio(options: StudioOptions = {}): Promise<TestStudio> {
  const deps = await aContext(options);
  const stop = new AbortController();
  const { destination, token, log } = options;
  const sentTo = destination === undefined ? {} : { transport: () => ({ ...deps.wire, description: destination }) };
  const live = await aLiveDraft({ ...deps, ...sentTo, ...(log && { log }) }, stop);
  const studio = aStudioOf(live, stop.signal, options.inbox, options.isSample);
  const hosts = new Set([STUDIO_HOST]);
  const site = openStudioSite({ studio, guard: { hosts, ...(token !== undefined && { session: { token } }) }, asset });
  const ask = async (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    if (!headers.has('Host')) headers.set('Host', STUDIO_HOST);
    return site.fetch(new Request(`http://${STUDIO_HOST}${path}`, { ...init, headers }));
  };
  const view = <View extends object>(page: StudioPage<View>, query = ''): Promise<View> =>
    studio.view(page, { newsletter: 'weekly', number: '1' }, new URLSearchParams(query));

  async function arrangement(): Promise<string> {
    const [path] = (await deps.live.list(`${ROOT}/content/issues/weekly`)) ?? [];
    const bytes = path === undefined ? undefined : await deps.live.read(path);
    return bytes ? new TextDecoder().decode(bytes) : '';
  }

  return {
    deps,
    studio,
    live,
    stop,
    view,
    fetch: ask,
    read: async (path) => (await ask(path)).text(),
    post: (path, body) =>
      ask(path, {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: `http://${STUDIO_HOST}` },
      }),
    arrangement,
    refresh: () => live.refresh(),
    settled: () =>
      vi.waitFor(async () => {
        if ((await view(sendPage)).isRunning) throw new Error('It is still being sent.');
      }, 120_000),
    async state() {
      const { ledger } = deps.store;
      const issues = await ledger.issues('weekly');
      const { approval } = await view(sendPage);
      return JSON.stringify(
        {
          arrangement: await arrangement(),
          approval: approval && [approval.state, approval.earlier.length],
          issues: await Promise.all(
            issues.map(async ({ id, number, state }) => [number, state, await ledger.counts(id)]),
          ),
          messages: deps.wire.messages.length,
          inbox: options.inbox?.mails().length,
        },
        null,
        1,
      );
    },
    async serve() {
      const server = await openHttp({
        fetch: (request) => site.fetch(request),
        port: 0,
        host: '127.0.0.1',
        option: '--port',
      });
      hosts.add(`127.0.0.1:${server.port}`);
      return {
        url: server.url,
        close: async () => {
          stop.abort();
          void studio.followSending();
          await server.close(0);
        },
      };
    },
  };
}

const SCRIPTS: { readonly [name: string]: string } = {
  'idiomorph.js': import.meta.resolve('idiomorph/dist/idiomorph.min.js'),
  'studio.js': new URL('../../templates/studio/studio.js', import.meta.url).href,
};

async function asset(name: string) {
  if (name === 'studio.css') return { type: 'text/css', body: await readFile(`${TEMPLATES}/studio/studio.css`) };
  const script = SCRIPTS[name];
  return script === undefined ? undefined : { type: 'text/javascript', body: await readFile(new URL(script)) };
}
