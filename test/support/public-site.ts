/** The public pages for tests: a real store and real pages, a manual clock, and a transport that keeps its messages. */
import { openUseCases } from '../../src/app-context.js';
import { openLinks } from '../../src/audience/links.js';
import { publicPaths } from '../../src/audience/public-paths.js';
import { erasedKeyOf, openStamps } from '../../src/audience/tokens.js';
import { openNoticeBuilder } from '../../src/deliver/notice.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { Log } from '../../src/domain/ports/host.js';
import type { Message } from '../../src/domain/ports/mail.js';
import { localFiles } from '../../src/platform/files.js';
import type { PublicSite } from '../../src/readers/public-site.js';
import { openPages, openTemplateFiles, type TemplateFiles } from '../../src/render/index.js';
import { openPublicApp, type PublicApp, type PublicAppOptions } from '../../src/web/public/public-app.js';
import { aContext, addReaders, type ContextOptions, TEMPLATES, type TestContext } from './app-context.js';
import { aNewsletter } from './builders.js';
import { type LoggedEvent, memoryLog } from './logs.js';

export const PUBLIC_URL = 'https://news.example.org';
export const SECRETS = [{ kid: 'k1', secret: '0123456789abcdef0123456789abcdef' }];

/** The ports of the public pages. */
export function publicSitePorts(
  publicUrl = PUBLIC_URL,
  secrets = SECRETS,
  templates = openTemplateFiles({ files: localFiles(), folders: [TEMPLATES] }),
): PublicSite {
  return {
    paths: publicPaths(publicUrl),
    links: openLinks({ publicUrl, secrets }),
    stamps: openStamps(secrets),
    pages: openPages(templates),
    notices: openNoticeBuilder(),
    trustedProxies: ['loopback', 'linklocal', 'uniquelocal'],
  };
}

export interface TestSite {
  readonly deps: TestContext;
  readonly app: PublicApp;
  readonly events: readonly LoggedEvent[];
  get(path: string, headers?: { readonly [name: string]: string }): Promise<Response>;
  /** Sends a form as a browser does, which follows a redirect. */
  post(path: string, fields?: Fields, headers?: { readonly [name: string]: string }): Promise<Response>;
  /** Sends a form as some mailbox providers do. */
  postMultipart(path: string, fields: Fields): Promise<Response>;
  /** The token of a reader's links. */
  token(subscriber: number, newsletter?: string): string;
  /** Waits for the work that goes on after answers. */
  mails(): Promise<readonly Message[]>;
}

export type Fields = { readonly [name: string]: string | readonly string[] };

export interface SiteOptions extends ContextOptions {
  readonly others?: readonly Partial<Newsletter>[];
  readonly perMailbox?: number;
  readonly perClient?: number;
  readonly pagesPerClient?: number;
  readonly publicUrl?: string;
  readonly hooks?: PublicAppOptions['hooks'];
  readonly refusedHooksPerClient?: number;
  readonly templates?: TemplateFiles;
  /** By default nothing is kept, so that a page shows every change at once. */
  readonly pages?: PublicAppOptions['pages'];
}

/** Reader 1 is Ann, with every category; reader 2 is Bob, who chose chemistry. */
export async function aPublicSite(options: SiteOptions = {}): Promise<TestSite> {
  const built = await aContext(options);
  const log: Log & { readonly events: readonly LoggedEvent[] } = memoryLog();
  const newsletters = new Map(built.newsletters);
  for (const other of options.others ?? []) {
    const newsletter = aNewsletter(other);
    newsletters.set(newsletter.id, newsletter);
  }
  const publicUrl = options.publicUrl ?? PUBLIC_URL;
  const publicSite = publicSitePorts(publicUrl, SECRETS, options.templates);
  const deps: TestContext = openUseCases({
    ...built,
    newsletters,
    log,
    publicSite,
    erasedKeys: (addressKey) => SECRETS.map((secret) => erasedKeyOf(secret, addressKey)),
  });
  await addReaders(deps, [
    { address: 'Ann@example.org', name: 'Ann' },
    { address: 'bob@example.org', preferences: ['chemistry'] },
  ]);
  const { perMailbox = 100, perClient = 1000, pagesPerClient = 10_000, refusedHooksPerClient = 1000 } = options;
  const app = openPublicApp({
    readers: () => deps.readers.site(),
    ...(options.hooks && { hooks: options.hooks }),
    limits: { perMailbox, perClient, pagesPerClient, refusedHooksPerClient },
    pages: { lookEveryMs: 0, ...options.pages },
  });
  const ask = async (path: string, init: RequestInit) =>
    app.fetch(new Request(new URL(path, publicUrl), init), { peerIp: '127.0.0.1' });
  return {
    deps,
    app,
    events: log.events,
    get: (path, headers = {}) => ask(path, { headers }),
    post: async (path, fields = {}, headers = {}) => {
      const answer = await ask(path, { method: 'POST', body: formFrom(fields), headers });
      return answer.status === 303 ? ask(answer.headers.get('Location') ?? '', {}) : answer;
    },
    postMultipart: (path, fields) => {
      const body = new FormData();
      for (const [name, value] of formFrom(fields)) body.append(name, value);
      return ask(path, { method: 'POST', body });
    },
    token: (subscriber, newsletter = 'weekly') =>
      new URL(publicSite.links.unsubscribeUrl(newsletter, subscriber)).pathname.split('/').at(-1) ?? '',
    mails: async () => {
      await app.settled();
      return built.wire.messages;
    },
  };
}

function formFrom(fields: Fields): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) for (const each of [value].flat()) form.append(name, each);
  return form;
}

/** The text of a message as it left. */
export function textOfMessage({ content }: Message): string {
  return Buffer.concat(content).toString('utf8');
}
