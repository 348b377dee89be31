/** A whole studio for tests: real pages, routes and flows over a house whose clock, wire and files a test holds. */
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { StudioInbox } from '../../src/domain/studio-inbox.js';
import { openDesk } from '../../src/flows/studio/open-desk.js';
import { openStudioFlows, type StudioFlows } from '../../src/flows/studio/open-studio.js';
import { localFiles } from '../../src/platform/files.js';
import { openStudioPages } from '../../src/render/studio-pages.js';
import { openStudioDoor } from '../../src/web/studio/open-studio-door.js';
import { ROOT } from './config-files.js';
import { aHouse, type HouseWishes, TEMPLATES, type TestHouse } from './house.js';

const HOST = '127.0.0.1:4400';

export interface TestStudio {
  readonly house: TestHouse;
  readonly flows: StudioFlows;
  /** A page as text. */
  read(path: string): Promise<string>;
  /** Sends a form as the studio's own page; follows no redirect. */
  post(path: string, body: string): Promise<Response>;
  /** The arrangement's file as it is; empty where there is none. */
  arrangement(): Promise<string>;
}

export interface StudioWishes extends HouseWishes {
  readonly newsletter?: Partial<Newsletter>;
  readonly inbox?: StudioInbox;
}

export async function aStudio(wishes: StudioWishes = {}): Promise<TestStudio> {
  const house = await aHouse(wishes);
  // Nothing outlives a test: files are not watched, and the store is in memory.
  const { signal } = new AbortController();
  const desk = await openDesk({
    openHouse: async () => house,
    watch: async () => undefined,
    root: ROOT,
    templates: [],
    signal,
  });
  const pages = openStudioPages(localFiles(), `${TEMPLATES}/studio`);
  const flows = openStudioFlows({ desk, pages, editor: 'Ada', signal, ...(wishes.inbox && { inbox: wishes.inbox }) });
  const door = openStudioDoor({ flows, hosts: new Set([HOST]), asset: async () => undefined });
  const ask = async (path: string, init: RequestInit = {}) =>
    door.fetch(new Request(`http://${HOST}${path}`, { ...init, headers: { Host: HOST, ...init.headers } }));
  return {
    house,
    flows,
    read: async (path) => (await ask(path)).text(),
    post: (path, body) =>
      ask(path, {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: `http://${HOST}` },
      }),
    arrangement: async () => {
      const [path] = (await house.desk.list(`${ROOT}/content/issues/weekly`)) ?? [];
      const bytes = path === undefined ? undefined : await house.desk.read(path);
      return bytes ? new TextDecoder().decode(bytes) : '';
    },
  };
}
