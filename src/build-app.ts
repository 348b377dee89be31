/** Builds the program from its settings: chooses every adapter, and opens the use cases over them. */
import { createPublicKey } from 'node:crypto';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AppContext, openUseCases, type Ports } from './app-context.js';
import { openBounceAddresses } from './audience/bounce-addresses.js';
import { deadLinks, type Links, openLinks } from './audience/links.js';
import { publicPaths } from './audience/public-paths.js';
import { erasedKeyOf, openStamps } from './audience/tokens.js';
import { openArrangements } from './config/arrangements.js';
import { loadEnv, type OperatorSettings } from './config/load-env.js';
import { loadWorkspace, type Workspace } from './config/load-workspace.js';
import { sourceVariableName } from './config/read-variables.js';
import { checkMessage } from './deliver/check-message.js';
import { checkSender } from './deliver/check-sender.js';
import { openEchoHeaders } from './deliver/echo-headers.js';
import { openMailNotifier } from './deliver/mail-notifier.js';
import { type MessageOptions, openMailBuilder } from './deliver/message.js';
import { openNoticeBuilder } from './deliver/notice.js';
import { replyFrom } from './deliver/read-reply.js';
import { openSharedRateLimit } from './deliver/shared-rate-limit.js';
import { guardTransport } from './deliver/transports/guard.js';
import { heloName } from './deliver/transports/helo-name.js';
import { openTransport } from './deliver/transports/index.js';
import { verifyDkim } from './deliver/verify-dkim.js';
import { GazetteError } from './domain/errors.js';
import { periodMs } from './domain/occurrences.js';
import type { Places, Source } from './domain/ports/content.js';
import type { Clock, Files, Log, RunJob } from './domain/ports/host.js';
import type { NoticeBuilder, Notifier, RateLimit, Transport } from './domain/ports/mail.js';
import type { Store } from './domain/ports/storage.js';
import { feedbackRulesFrom } from './feedback-rules.js';
import { refuseCopy } from './issue/refuse-copy.js';
import type { DoctorDeps } from './operate/doctor.js';
import { openAskLink } from './platform/ask-link.js';
import { cronCalendar } from './platform/calendar.js';
import { checkSchedule } from './platform/check-schedule.js';
import { systemClock } from './platform/clock.js';
import { openFetchWeb } from './platform/fetch-web.js';
import { machineMemoryMb, openAskWeb, spareCores, systemDns, thisHost } from './platform/host.js';
import { randomId } from './platform/ids.js';
import { openLog } from './platform/log.js';
import { thisProcess } from './platform/processes.js';
import { openWebClient, type WebClient } from './platform/web-client.js';
import { openWebhook } from './platform/webhook.js';
import { openWorkerPool, type WorkerPool } from './platform/worker-pool.js';
import type { PublicSite } from './readers/public-site.js';
import {
  hasMessages,
  messagesIn,
  openPages,
  openRenderer,
  openTemplateFiles,
  type TemplateFiles,
  withPictureSources,
} from './render/index.js';
import {
  openSource,
  readMarkdown,
  SOURCE_KINDS,
  type SourceKind,
  type SourceOptions,
  type SourceTools,
} from './sources/index.js';
import { openSqliteStore, openStore } from './store/index.js';
import { type WayIn, waysInFrom } from './ways-in.js';

/** The package's own folder, with its themes, its sample, and the files of a new workspace. */
export const PACKAGE = dirname(dirname(fileURLToPath(import.meta.url)));

export interface AppOptions {
  readonly env: { readonly [name: string]: string | undefined };
  /** The folder relative paths start from. */
  readonly folder: string;
  /** Whether logs are read by a person at a terminal. */
  readonly isTerminal: boolean;
  /** When it is aborted, parsing ends at once. */
  readonly signal?: AbortSignal;
  /** Kinds of source besides those of Gazette. */
  readonly sourceKinds?: readonly SourceKind[];
}

/** What everything built in one process shares. */
export interface ProcessOptions extends AppOptions {
  readonly runParse: RunJob;
  /** Prints MJML; absent: in the thread that asks. */
  readonly runMjml?: RunJob;
}

/** More than the largest real post takes. */
const MOST_PARSING_MS = 10_000;

/** Threads that parse text from outside; the signal ends them. */
export function openParser(signal?: AbortSignal): WorkerPool {
  return openThreads('worker.cjs', { mostThreads: spareCores(), limitMs: MOST_PARSING_MS }, signal);
}

/** Far more than a mail of any size takes. */
const MOST_PRINTING_MS = 60_000;

/**
 * A thread that prints MJML for a process that serves people meanwhile: loading the library alone takes a second. One thread:
 * a second one would load it again, which takes longer than printing a second language.
 */
export function openMjmlThread(signal?: AbortSignal): WorkerPool {
  return openThreads('mjml-worker.cjs', { mostThreads: 1, limitMs: MOST_PRINTING_MS }, signal);
}

function openThreads(
  program: string,
  limits: { readonly mostThreads: number; readonly limitMs: number },
  signal: AbortSignal | undefined,
): WorkerPool {
  const pool = openWorkerPool({
    ...limits,
    program: join(PACKAGE, 'dist', program),
    memoryMb: Math.max(128, Math.min(1024, Math.floor(machineMemoryMb() / 2))),
  });
  signal?.addEventListener('abort', () => void pool.close(signal.reason), { once: true });
  return pool;
}

/** The ports that only doctor uses. */
export type DoctorTools = Omit<DoctorDeps, keyof Ports | 'now'>;

/** The program over one workspace. */
export interface BuiltApp {
  readonly deps: AppContext;
  readonly doctorTools: DoctorTools;
  /** By which mails come back while the service runs. */
  readonly waysIn: readonly WayIn[];
  /** Closes the transport, and nothing else. */
  closeTransport(): Promise<void>;
  close(): Promise<void>;
}

/** Builds the program over a workspace, from its files and the environment. */
export async function openWorkspace(...given: Parameters<typeof openParts>): Promise<BuiltApp> {
  return buildApp(await openParts(...given));
}

/** Reads a workspace's files and the environment, and opens its store. */
export async function openParts(
  options: ProcessOptions,
  files: Files,
  root: string,
  { inboxUrl, ...instead }: Partial<Pick<Parts, 'clock' | 'log' | 'store' | 'templates'>> & InboxInstead = {},
): Promise<Parts> {
  const dotenv = await files.read(join(root, '.env'));
  const settings = await loadEnv({
    env: options.env,
    dotenv: dotenv === undefined ? '' : new TextDecoder().decode(dotenv),
    files,
    root,
  });
  const format = settings.log.format ?? (options.isTerminal ? 'pretty' : 'json');
  const stateFolder = join(root, '.gazette');
  const database = databaseOf(settings, root, stateFolder);
  return {
    files,
    workspace: await readWorkspace(files, root, options.sourceKinds),
    ...(options.sourceKinds && { sourceKinds: options.sourceKinds }),
    settings: { ...settings, ...(settings.smtpUrl === undefined && inboxUrl !== undefined && { smtpUrl: inboxUrl }) },
    stateFolder,
    // Folders before their content.
    privatePaths: [join(root, '.env'), stateFolder, ...(isPostgres(database) ? [] : sqliteFiles(database))],
    store: instead.store ?? (await openWorkspaceStore(files, database, stateFolder)),
    clock: systemClock,
    // Commands print their result; their log is for problems.
    log: openLog({ level: settings.log.level ?? 'warn', format }),
    runParse: options.runParse,
    ...(options.runMjml && { runMjml: options.runMjml }),
    ...instead,
  };
}

/** Where mails go when no mail server is set. */
interface InboxInstead {
  readonly inboxUrl?: string;
}

/** Reads the editor's settings. Throws `config.invalid` with all problems, each at its place. */
export function readWorkspace(
  files: Files,
  root: string,
  ownKinds: readonly SourceKind[] = [],
): Promise<Workspace<SourceOptions>> {
  return loadWorkspace(files, root, {
    sourceKinds: [...ownKinds, ...SOURCE_KINDS],
    checkSchedule,
    periodMs: (schedule, timezone) => periodMs(cronCalendar, { schedule, timezone }, new Date(0)),
  });
}

/** A URL, or the absolute path of a file. */
function databaseOf({ databaseUrl }: OperatorSettings, root: string, stateFolder: string): string {
  if (databaseUrl === undefined) return join(stateFolder, 'gazette.db');
  return isPostgres(databaseUrl) || isAbsolute(databaseUrl) ? databaseUrl : join(root, databaseUrl);
}

function isPostgres(database: string): boolean {
  return /^[a-z]+:\/\//i.test(database);
}

function sqliteFiles(path: string): readonly string[] {
  return [path, `${path}-wal`, `${path}-shm`];
}

async function openWorkspaceStore(files: Files, database: string, stateFolder: string): Promise<Store> {
  if (isPostgres(database)) return openStore(database);
  // Creates the folder, and keeps it out of version control.
  const ignore = join(stateFolder, '.gitignore');
  if (dirname(database) === stateFolder && (await files.read(ignore)) === undefined)
    await files.writePrivate(ignore, '*\n');
  return openStoreFile(files, database);
}

/** Opens a SQLite store in a file that only this user can read. SQLite gives the files beside it the same mode. */
export async function openStoreFile(files: Files, path: string): Promise<Store> {
  await files.claimPrivate(path);
  return openSqliteStore({ path });
}

export interface Parts {
  readonly files: Files;
  readonly workspace: Workspace<SourceOptions>;
  /** Kinds of source besides those of Gazette. */
  readonly sourceKinds?: readonly SourceKind[];
  readonly settings: Pick<
    OperatorSettings,
    | 'smtpUrl'
    | 'secrets'
    | 'publicUrl'
    | 'trustedProxies'
    | 'bounceAddress'
    | 'softBounces'
    | 'breaker'
    | 'hooks'
    | 'receiver'
    | 'mailbox'
    | 'dkim'
    | 'rate'
    | 'notify'
    | 'keepMs'
    | 'proxies'
    | 'sourceCredentials'
  >;
  readonly stateFolder: string;
  /** Absolute paths that no other user of this host should be able to read. */
  readonly privatePaths?: readonly string[];
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly runParse: RunJob;
  /** Prints MJML; absent: in the thread that asks. */
  readonly runMjml?: RunJob;
  /** Of this workspace; by default opened anew. */
  readonly templates?: TemplateFiles;
}

/** The templates of a workspace and of the package. */
export function openTemplates(files: Files, root: string, log?: Log): TemplateFiles {
  return openTemplateFiles({
    files,
    folders: [join(root, 'templates'), join(PACKAGE, 'templates')],
    shown: (path) => relative(root, path),
    onBroken: ({ message, where, hint }) => log?.error('templates.broken', { reason: message, where, hint }),
  });
}

/** The web, as sources see it. @param timeoutMs for a whole answer; absent: as for every source */
export function openWebSource(
  settings: Pick<OperatorSettings, 'publicUrl' | 'proxies'>,
  clock: Clock,
  timeoutMs?: number,
) {
  const client = openWebClient({
    userAgent: userAgentFrom(settings),
    proxies: settings.proxies,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  return { client, fetchWeb: openFetchWeb({ client, clock }) };
}

/** Chooses the adapters by the settings, and opens the use cases over them. */
export function buildApp(parts: Parts): BuiltApp {
  const { files, workspace, settings, stateFolder, store, clock, log, runParse, runMjml } = parts;
  const { root, contentDir } = workspace;
  const shown = (path: string) => relative(root, path);
  const templates = parts.templates ?? openTemplates(files, root, log);
  const themes = openRenderer({ templates, ...(runMjml && { runMjml }) });
  const { secrets, publicUrl } = settings;
  const links = publicUrl !== undefined && secrets.length > 0 ? openLinks({ publicUrl, secrets }) : deadLinks;
  const dkim = settings.dkim ? { dkim: [settings.dkim] } : {};
  let transport: Transport | undefined;
  let rateLimit: RateLimit | undefined;
  const refuseFromCopy = () => refuseCopy(store);
  const hostName = heloName(
    publicUrl,
    workspace.newsletters.map(({ sender }) => sender.address),
  );
  const transportOf = () => {
    transport ??= guardTransport(
      openTransport(smtpUrlOf(settings), { files, root, ...(hostName !== undefined && { hostName }) }),
      refuseFromCopy,
    );
    return transport;
  };
  const publicSite = publicSiteFrom(settings, () => openPages(templates, runMjml), dkim);
  const { client, fetchWeb } = openWebSource(settings, clock);
  const sourceTools: SourceTools = {
    ...{ files, contentDir, runParse },
    fetchWeb,
    credentialsOf: (source) => settings.sourceCredentials.get(sourceVariableName(source)),
  };
  const sources = new Map(
    [...workspace.sources].map(([name, options]) => [
      name,
      openSource(name, options, sourceTools, [...(parts.sourceKinds ?? []), ...SOURCE_KINDS]),
    ]),
  );
  const ports = {
    newsletters: new Map(workspace.newsletters.map((newsletter) => [newsletter.id, newsletter])),
    sources,
    arrangements: openArrangements({
      files,
      calendar: cronCalendar,
      root,
      newsletters: workspace.newsletters.map(({ id }) => id),
    }),
    readMailed: async (content, site) => (await import('./sources/exports/mailed.js')).readMailed(content, site),
    markdown: (text, where) => readMarkdown(text, where, runParse),
    store,
    openEmptyStore: () => openSqliteStore({ path: '' }),
    renderer: themes,
    replacePictures: withPictureSources,
    checks: { ...themes.checks, sender: checkSender, message: checkMessage },
    askLink: openAskLink(client),
    places: placesIn(workspace, sources, shown),
    messagesIn: (language) =>
      templates.lastGood(async (state) => (hasMessages(state, language) ? messagesIn(state, language) : undefined)),
    mailBuilder: openMailBuilder({
      links: readerLinks(links),
      archiveUrl: ({ issue }) => publicSite && links.webUrl(issue.newsletter, issue.number),
      ...addressesFrom(settings),
      ...(settings.hooks && { echoHeaders: openEchoHeaders(settings.hooks.keys()) }),
      ...dkim,
    }),
    deadMailBuilder: openMailBuilder({ links: readerLinks(deadLinks), test: true, ...dkim }),
    transport: transportOf,
    rateLimit: () => {
      rateLimit ??= openSharedRateLimit({
        shared: store.shared,
        transport: transportOf().description,
        limits: settings.rate,
      });
      return rateLimit;
    },
    ...(publicSite && { publicSite }),
    feedbackRules: feedbackRulesFrom(settings),
    ...(settings.hooks && { hookTools: { settings: settings.hooks, fetchWeb, replyFrom } }),
    erasedKeys: (addressKey: string) => secrets.map((secret) => erasedKeyOf(secret, addressKey)),
    ...notifierFrom(settings, workspace, {
      notices: openNoticeBuilder(dkim),
      transport: transportOf,
      clock,
      client,
      refuseFromCopy,
    }),
    ...(settings.keepMs !== undefined && { keepMs: settings.keepMs }),
    missingForSending: missingFrom(settings),
    files,
    stateFolder,
    clock,
    calendar: cronCalendar,
    processes: thisProcess(),
    log,
    newId: randomId,
  } satisfies Ports;
  const deps = openUseCases(ports);
  const closeTransport = async () => transport?.close();
  const close = async () => {
    await closeTransport();
    await store.close();
  };
  const doctorTools = doctorToolsFrom(settings, client, parts.privatePaths);
  return { deps, doctorTools, waysIn: waysInFrom(settings, deps), closeTransport, close };
}

const { version: VERSION } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Names the program and where its operator can be found. */
function userAgentFrom({ publicUrl }: Pick<OperatorSettings, 'publicUrl'>): string {
  return publicUrl === undefined ? `Gazette/${VERSION}` : `Gazette/${VERSION} (+${publicUrl})`;
}

function placesIn(
  { settingPlaces }: Workspace<SourceOptions>,
  sources: ReadonlyMap<string, Pick<Source, 'folder'>>,
  shown: (path: string) => string,
): Places {
  return {
    post: ({ source, place }) => {
      const folder = sources.get(source)?.folder;
      return folder === undefined ? place : shown(join(folder, place));
    },
    setting: (newsletter, key) => settingPlaces.get(newsletter)?.(key) ?? `${newsletter}, ${key}`,
  };
}

function publicSiteFrom(
  { secrets, publicUrl, trustedProxies }: Parts['settings'],
  pages: () => PublicSite['pages'],
  dkim: Pick<MessageOptions, 'dkim'>,
): PublicSite | undefined {
  if (publicUrl === undefined || secrets.length === 0) return undefined;
  return {
    paths: publicPaths(publicUrl),
    links: openLinks({ publicUrl, secrets }),
    stamps: openStamps(secrets),
    pages: pages(),
    notices: openNoticeBuilder(dkim),
    trustedProxies: trustedProxies ?? OWN_NETWORK,
  };
}

/** A proxy on this machine or in its private network. */
const OWN_NETWORK = ['loopback', 'linklocal', 'uniquelocal'];

function readerLinks(links: Links): MessageOptions['links'] {
  return ({ subscriber }, { newsletter, number }) => ({
    unsubscribeUrl: links.unsubscribeUrl(newsletter, subscriber),
    oneClickUrl: links.oneClickUrl(newsletter, subscriber),
    preferencesUrl: links.preferencesUrl(newsletter, subscriber),
    webUrl: links.webUrl(newsletter, number),
  });
}

/** A mail to unsubscribe is offered only where one is read. */
function addressesFrom({
  bounceAddress,
  secrets,
  receiver,
  mailbox,
}: Parts['settings']): Pick<MessageOptions, 'envelopeFrom' | 'unsubscribeAddress'> {
  if (bounceAddress === undefined || secrets.length === 0) return {};
  const addresses = openBounceAddresses({ address: bounceAddress, secrets });
  return {
    envelopeFrom: (delivery) => addresses.bounceAddress(delivery),
    ...((receiver || mailbox) && { unsubscribeAddress: (delivery) => addresses.unsubscribeAddress(delivery) }),
  };
}

function doctorToolsFrom(
  { publicUrl, bounceAddress, dkim, hooks, mailbox }: Parts['settings'],
  client: WebClient,
  privatePaths: readonly string[] = [],
): DoctorTools {
  return {
    dns: systemDns(),
    host: thisHost,
    privatePaths,
    askWeb: openAskWeb(client),
    verifyDkim,
    ...(publicUrl !== undefined && { publicUrl }),
    ...(bounceAddress !== undefined && { bounceAddress }),
    ...(hooks && { hooks: [...hooks.keys()] }),
    ...(mailbox && {
      probeMailbox: async () => (await import('./platform/follow-mailbox.js')).probeMailbox(mailbox),
    }),
    ...(dkim && { dkimRecord: dkimRecordOf(dkim.privateKey) }),
  };
}

/** The TXT record to publish for a key; of an Ed25519 key only its 32 bytes (RFC 8463 §4). */
function dkimRecordOf(privateKey: string): string {
  const key = createPublicKey(privateKey);
  const spki = key.export({ type: 'spki', format: 'der' });
  return key.asymmetricKeyType === 'ed25519'
    ? `v=DKIM1; k=ed25519; p=${spki.subarray(-32).toString('base64')}`
    : `v=DKIM1; k=rsa; p=${spki.toString('base64')}`;
}

function notifierFrom(
  { notify, secrets }: Parts['settings'],
  { newsletters }: Parts['workspace'],
  { notices, transport, clock, client, refuseFromCopy }: NotifierTools,
): Pick<AppContext, 'notifier'> {
  const [newsletter] = newsletters;
  if (!notify || !newsletter) return {};
  const notifier =
    notify.kind === 'webhook'
      ? openWebhook({ url: notify.url, secret: secrets[0]?.secret, clock, client })
      : openMailNotifier({ to: notify.address, from: newsletter.sender, notices, transport, clock });
  const tell: Notifier['tell'] = async (note) => {
    await refuseFromCopy();
    await notifier.tell(note);
  };
  return { notifier: { tell } };
}

interface NotifierTools {
  readonly notices: NoticeBuilder;
  readonly clock: Clock;
  readonly client: WebClient;
  transport(): Transport;
  refuseFromCopy(): Promise<void>;
}

function smtpUrlOf({ smtpUrl }: Parts['settings']): string {
  if (smtpUrl !== undefined) return smtpUrl;
  throw new GazetteError('send.not-ready', 'There is no mail server: SMTP_URL is not set.', {
    hint: 'Set SMTP_URL in .env: smtps://user:password@mail.example.org, or file:outbox to write mails to a folder.',
  });
}

function missingFrom({ publicUrl, secrets }: Parts['settings']): readonly string[] {
  return [
    ...(publicUrl?.startsWith('https:') ? [] : ['set GAZETTE_PUBLIC_URL to the https address of your public pages']),
    ...(secrets.length > 0 ? [] : ['set GAZETTE_SECRET (`gazette init` writes one to .env)']),
  ];
}
