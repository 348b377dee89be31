/** A context for tests of use cases: real store and renderer, a manual clock, and a transport that keeps its messages. */

import { fileURLToPath } from 'node:url';
import { type AppContext, openUseCases } from '../../src/app-context.js';
import { deadLinks } from '../../src/audience/links.js';
import { erasedKeyOf } from '../../src/audience/tokens.js';
import { openArrangements } from '../../src/config/arrangements.js';
import { checkMessage } from '../../src/deliver/check-message.js';
import { checkSender } from '../../src/deliver/check-sender.js';
import { openMailBuilder } from '../../src/deliver/message.js';
import type { RateLimits } from '../../src/deliver/rate-limit.js';
import { openSharedRateLimit } from '../../src/deliver/shared-rate-limit.js';
import { guardTransport } from '../../src/deliver/transports/guard.js';
import type { Newsletter } from '../../src/domain/newsletter.js';
import type { NewSubscription } from '../../src/domain/ports/audience.js';
import type { Renderer, Source } from '../../src/domain/ports/content.js';
import type { Clock, Files, Processes } from '../../src/domain/ports/host.js';
import type { MailConnection, Message, Transport } from '../../src/domain/ports/mail.js';
import type { Store } from '../../src/domain/ports/storage.js';
import type { Collection, Post } from '../../src/domain/post.js';
import type { Outcome } from '../../src/domain/reply.js';
import { feedbackRulesFrom } from '../../src/feedback-rules.js';
import { refuseCopy } from '../../src/issue/refuse-copy.js';
import { cronCalendar } from '../../src/platform/calendar.js';
import { localFiles } from '../../src/platform/files.js';
import { openRenderer, openTemplateFiles, withPictureSources } from '../../src/render/index.js';
import { readMailed } from '../../src/sources/exports/mailed.js';
import { readMarkdown } from '../../src/sources/index.js';
import { openSqliteStore } from '../../src/store/index.js';
import { aNewsletter } from './builders.js';
import { memoryFiles, ROOT } from './config-files.js';
import { silentLog } from './logs.js';

export const TEMPLATES = fileURLToPath(new URL('../../templates', import.meta.url));

/** A clock that moves only when it is set, advanced or slept on. */
export interface HandClock extends Clock {
  set(moment: Date): void;
  advance(ms: number): void;
  readonly slept: readonly number[];
}

export function handClock(start: Date): HandClock {
  let now = start.getTime();
  const slept: number[] = [];
  return {
    now: () => new Date(now),
    set: (moment) => {
      now = moment.getTime();
    },
    advance: (ms) => {
      now += ms;
    },
    slept,
    sleep: async (ms) => {
      slept.push(ms);
      now += ms;
    },
  };
}

/** A source whose posts a test sets. */
export interface HandSource extends Source {
  posts: Post[];
  broken: Collection['broken'];
  failure?: Error;
}

export function handSource(posts: readonly Post[], name = 'blog'): HandSource {
  const source: HandSource = {
    name,
    posts: [...posts],
    broken: [],
    collect: async () => {
      if (source.failure) throw source.failure;
      return { source: name, posts: source.posts, broken: source.broken, complete: true };
    },
  };
  return source;
}

export const ACCEPTED: Outcome = { kind: 'accepted', reply: { code: 250, text: '250 2.0.0 Ok' } };

/** A transport that keeps every message, and answers as the test says. */
export interface KeptTransport extends Transport {
  readonly messages: readonly Message[];
  /** The answer to one message; accepted when absent. */
  answer: (message: Message, nth: number) => Outcome | Promise<Outcome>;
}

export function keptTransport(connections = 3): KeptTransport {
  const messages: Message[] = [];
  const connection: MailConnection = {
    send: async (message) => {
      messages.push(message);
      return transport.answer(message, messages.length);
    },
    close: async () => undefined,
  };
  const transport: KeptTransport = {
    connections,
    local: true,
    description: 'kept in memory',
    messages,
    answer: () => ACCEPTED,
    open: () => connection,
    close: async () => undefined,
  };
  return transport;
}

export interface TestContext extends AppContext {
  readonly clock: HandClock;
  readonly source: HandSource;
  readonly wire: KeptTransport;
  readonly store: Store;
  /** The arrangement files of the workspace. */
  readonly live: Files;
}

export interface ContextOptions {
  readonly newsletter?: Partial<Newsletter>;
  readonly posts?: readonly Post[];
  readonly now?: Date;
  readonly store?: Store;
  /** By default the real renderer. */
  readonly renderer?: Renderer;
  readonly processes?: Processes;
  /** How fast its transport may send. */
  readonly rate?: RateLimits;
  /** Files below content/issues: `weekly/2026-06-15.yaml`. */
  readonly arranged?: { readonly [path: string]: string };
}

let serial = 0;

/** By default it is Monday 15 June 2026, 08:00 in London. */
export async function aContext(wishes: ContextOptions = {}): Promise<TestContext> {
  const newsletter = aNewsletter(wishes.newsletter);
  const clock = handClock(wishes.now ?? new Date('2026-06-15T07:00:00Z'));
  const source = handSource(wishes.posts ?? []);
  const wire = keptTransport();
  const files = localFiles();
  const themes = openRenderer({ templates: openTemplateFiles({ files, folders: [TEMPLATES] }) });
  const links = () => ({
    unsubscribeUrl: 'https://news.example.org/u/t',
    oneClickUrl: 'https://news.example.org/u/t',
    preferencesUrl: 'https://news.example.org/p/t',
    webUrl: 'https://news.example.org/archive/weekly/1',
  });
  const store = wishes.store ?? (await openSqliteStore({ path: ':memory:' }));
  const rateLimit = openSharedRateLimit({
    shared: store.shared,
    transport: wire.description,
    limits: wishes.rate ?? {},
  });
  const transport = guardTransport(wire, () => refuseCopy(store));
  const arranged = Object.entries(wishes.arranged ?? {}).map(([path, text]) => [`content/issues/${path}`, text]);
  const live = memoryFiles(Object.fromEntries(arranged));
  return openUseCases({
    newsletters: new Map([[newsletter.id, newsletter]]),
    sources: new Map([[source.name, source]]),
    arrangements: openArrangements({ files: live, calendar: cronCalendar, root: ROOT, newsletters: [newsletter.id] }),
    markdown: readMarkdown,
    readMailed,
    store,
    openEmptyStore: () => openSqliteStore({ path: ':memory:' }),
    renderer: wishes.renderer ?? themes,
    replacePictures: withPictureSources,
    checks: { ...themes.checks, sender: checkSender, message: checkMessage },
    askLink: async () => {
      throw new Error('nobody wanted links followed');
    },
    places: { post: ({ place }) => place, setting: (id, key) => `${id}.yaml, ${key}` },
    messagesIn: (language: string) => themes.messages(language).catch(() => undefined),
    mailBuilder: openMailBuilder({ links }),
    deadMailBuilder: openMailBuilder({ links: deadReaderLinks, test: true }),
    transport: () => transport,
    rateLimit: () => rateLimit,
    feedbackRules: feedbackRulesFrom({
      bounceAddress: 'bounces@news.example.org',
      publicUrl: 'https://news.example.org',
      secrets: [{ kid: 'k1', secret: 'x'.repeat(32) }],
    }),
    erasedKeys: (key) => [erasedKeyOf({ kid: 'k1', secret: 'x'.repeat(32) }, key)],
    missingForSending: [],
    files,
    stateFolder: '/nowhere',
    clock,
    calendar: cronCalendar,
    processes: wishes.processes ?? { self: 'test-process', stateOf: () => 'alive' },
    log: silentLog,
    newId: () => {
      serial += 1;
      return serial.toString(16).padStart(32, '0');
    },
    source,
    wire,
    live,
  });
}

function deadReaderLinks() {
  return {
    unsubscribeUrl: deadLinks.unsubscribeUrl('', 0),
    oneClickUrl: deadLinks.oneClickUrl('', 0),
    preferencesUrl: deadLinks.preferencesUrl('', 0),
    webUrl: deadLinks.webUrl('', 0),
  };
}

/** Readers `reader1@example.org`, … with these wishes and languages. */
export async function addReaders(
  deps: AppContext,
  rows: readonly Partial<NewSubscription>[],
  newsletter = 'weekly',
): Promise<void> {
  const now = deps.clock.now();
  const full = rows.map((row, index): NewSubscription => {
    const address = row.address ?? `reader${index + 1}@example.org`;
    return {
      address,
      addressKey: address.toLowerCase(),
      name: '',
      preferences: undefined,
      state: 'active',
      consent: { source: 'test', at: now },
      ...row,
    };
  });
  await deps.store.audience.add(newsletter, full, now);
}
