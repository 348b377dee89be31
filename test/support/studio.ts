/** A whole studio for tests: real pages, routes and flows over a house whose clock, wire and files a test holds. */
import { readFile } from 'node:fs/promises';
import { vi } from 'vitest';
import type { StudioInbox } from '../../src/domain/studio-inbox.js';
import { localFiles } from '../../src/platform/files.js';
import { openStudioPages } from '../../src/render/studio-pages.js';
import { openStudio, type Studio } from '../../src/studio/index.js';
import { openLiveDraft } from '../../src/studio/live-draft.js';
import { openHttp } from '../../src/web/http-server.js';
import { openStudioSite } from '../../src/web/studio/open-studio-site.js';
import { aContext, type ContextOptions, TEMPLATES, type TestContext } from './app-context.js';
import { ROOT } from './config-files.js';

const HOST = '127.0.0.1:4400';

export interface TestStudio {
  readonly deps: TestContext;
  readonly flows: Studio;
  /** A page as text. */
  read(path: string): Promise<string>;
  /** Sends a form as the studio's own page; follows no redirect. */
  post(path: string, body: string): Promise<Response>;
  /** The arrangement's file as it is; empty where there is none. */
  arrangement(): Promise<string>;
  /** Takes up what a test did to the ledger by itself. */
  refresh(): Promise<void>;
  /** Waits until nothing is being sent. */
  settled(): Promise<void>;
  /** All that acts can change, as one text. */
  state(): Promise<string>;
  /** On a port, for a browser. */
  serve(): Promise<{ readonly url: string; close(): Promise<void> }>;
}

export interface StudioWishes extends ContextOptions {
  readonly inbox?: StudioInbox;
}

export async function aStudio(wishes: StudioWishes = {}): Promise<TestStudio> {
  const deps = await aContext(wishes);
  // Files are not watched and the store is in memory: nothing outlives a test but pages that wait for changes.
  const stop = new AbortController();
  const { signal } = stop;
  const tools = { watch: async () => undefined, root: ROOT, templates: [], signal };
  const live = await openLiveDraft({ ...tools, openContext: async () => deps });
  const pages = openStudioPages(localFiles(), `${TEMPLATES}/studio`);
  const flows = openStudio({ live, pages, editor: 'Ada', signal, ...(wishes.inbox && { inbox: wishes.inbox }) });
  const hosts = new Set([HOST]);
  const door = openStudioSite({ flows, hosts, asset });
  const ask = async (path: string, init: RequestInit = {}) =>
    door.fetch(new Request(`http://${HOST}${path}`, { ...init, headers: { Host: HOST, ...init.headers } }));

  async function arrangement(): Promise<string> {
    const [path] = (await deps.live.list(`${ROOT}/content/issues/weekly`)) ?? [];
    const bytes = path === undefined ? undefined : await deps.live.read(path);
    return bytes ? new TextDecoder().decode(bytes) : '';
  }

  return {
    deps,
    flows,
    read: async (path) => (await ask(path)).text(),
    post: (path, body) =>
      ask(path, {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: `http://${HOST}` },
      }),
    arrangement,
    refresh: () => live.refresh(),
    settled: () =>
      vi.waitFor(async () => {
        if ((await flows.sendPage('weekly')).isRunning) throw new Error('It is still being sent.');
      }, 10_000),
    async state() {
      const { ledger } = deps.store;
      const issues = await ledger.issues('weekly');
      const { approval } = (await flows.sendPage('weekly')) as {
        approval: { state: string; earlier: readonly object[] } | null;
      };
      return JSON.stringify(
        {
          arrangement: await arrangement(),
          approval: approval && [approval.state, approval.earlier.length],
          issues: await Promise.all(
            issues.map(async ({ id, number, state }) => [number, state, await ledger.counts(id)]),
          ),
          messages: deps.wire.messages.length,
          inbox: wishes.inbox?.mails().length,
        },
        null,
        1,
      );
    },
    async serve() {
      const server = await openHttp({
        fetch: (request) => door.fetch(request),
        port: 0,
        host: '127.0.0.1',
        option: '--port',
      });
      hosts.add(`127.0.0.1:${server.port}`);
      return {
        url: server.url,
        close: async () => {
          stop.abort();
          void flows.tend();
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
