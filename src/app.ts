/** Builds the house once from its settings. Every tool is chosen here, and nowhere else. */
import { createPublicKey, randomBytes, randomInt } from 'node:crypto';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBounceAddresses } from './audience/bounce-addresses.js';
import { deadLinks, type Links, openLinks } from './audience/links.js';
import { erasedKeyOf, openStamps } from './audience/tokens.js';
import type { FrontDoor, ServeRequest } from './cli/context.js';
import { loadEnv, type OperatorSettings } from './config/load-env.js';
import { loadWorkspace, type Workspace } from './config/load-workspace.js';
import { readDemoSettings } from './config/read-demo.js';
import { openMailNotifier } from './deliver/mail-notifier.js';
import { type MessageOptions, openMessageBuilder } from './deliver/message.js';
import { openNoticeBuilder } from './deliver/notice.js';
import { openSharedPace } from './deliver/shared-pace.js';
import { openTransport } from './deliver/transports/index.js';
import { GazetteError } from './domain/errors.js';
import type { Issue } from './domain/issue.js';
import type { Clock, Files, Log, NoticeBuilder, Pace, Store, Transport } from './domain/ports.js';
import { type DemoReport, type DemoRequest, runDemo } from './flows/demo.js';
import { type DoctorTools, runDoctor } from './flows/doctor.js';
import type { House } from './flows/house.js';
import { type Flows, openFlows } from './flows/index.js';
import { type InitReport, initWorkspace } from './flows/init-workspace.js';
import type { PublicSide } from './flows/public-side.js';
import { openReaderFlows } from './flows/reader-flows.js';
import { runSelftest, type SelftestReport } from './flows/selftest.js';
import { cronCalendar } from './platform/calendar.js';
import { checkSchedule } from './platform/check-schedule.js';
import { startProgram } from './platform/child-program.js';
import { systemClock } from './platform/clock.js';
import { openFaultyInbox } from './platform/faulty-inbox.js';
import { localFiles } from './platform/files.js';
import { askWeb, systemDns, thisHost } from './platform/host.js';
import { randomId } from './platform/ids.js';
import { openInbox } from './platform/inbox.js';
import { leapingClock } from './platform/leaping-clock.js';
import { openLog, silentLog } from './platform/log.js';
import { thisProcess } from './platform/processes.js';
import { seededRandom } from './platform/seeded-random.js';
import { openTempFolder } from './platform/temp-folder.js';
import { openWebhook } from './platform/webhook.js';
import { openPages, openRenderer } from './render/index.js';
import { startScheduler } from './scheduler/index.js';
import { openSource, SOURCE_KINDS, type SourceOptions } from './sources/index.js';
import { openSqliteStore, openStore } from './store/index.js';
import { serveMonitor } from './web/monitor/serve-monitor.js';
import { servePublic } from './web/public/serve-public.js';

/** The package's own folder: its themes, its sample, its model of a workspace. */
const PACKAGE = dirname(dirname(fileURLToPath(import.meta.url)));

export interface AppOptions {
  readonly env: { readonly [name: string]: string | undefined };
  /** The folder relative paths start from. */
  readonly folder: string;
  /** Whether logs are read by a person at a terminal. */
  readonly isTerminal: boolean;
  readonly version: string;
}

/** The house from outside. Nothing is opened before it is asked for. */
export function openApp(options: AppOptions): FrontDoor {
  const files = localFiles();
  const open: { close(): Promise<void> }[] = [];
  const rootOf = (root: string) => resolve(options.folder, root);
  let flows: Promise<Flows> | undefined;
  return {
    version: options.version,
    openFlows: (root) => {
      flows ??= openWorkspace(options, files, rootOf(root)).then((built) => {
        open.push(built);
        return openFlows(built.house);
      });
      return flows;
    },
    demo: ({ root, ...request }) => demo(files, rootOf(root), request),
    serve: (request) => runService(options, files, request),
    doctor: async (root, signal) => {
      const { house, doctorTools, close } = await openWorkspace(options, files, rootOf(root));
      open.push({ close });
      return runDoctor(house, doctorTools, signal);
    },
    init: (root): Promise<InitReport> => {
      const newSecret = () => randomBytes(32).toString('base64url');
      return initWorkspace({ files, model: join(PACKAGE, 'templates', 'workspace'), newSecret }, rootOf(root));
    },
    selftest: (request) => selftest(options, files, request),
    close: async () => {
      for (const each of open.reverse()) await each.close();
    },
  };
}

interface Built {
  readonly house: House;
  readonly doctorTools: DoctorTools;
  close(): Promise<void>;
}

async function openWorkspace(
  options: AppOptions,
  files: Files,
  root: string,
  instead: Partial<Pick<Parts, 'clock' | 'log'>> = {},
): Promise<Built> {
  const dotenv = await files.read(join(root, '.env'));
  const settings = await loadEnv({
    env: options.env,
    dotenv: dotenv === undefined ? '' : new TextDecoder().decode(dotenv),
    files,
    root,
  });
  const format = settings.log.format ?? (options.isTerminal ? 'pretty' : 'json');
  const stateFolder = join(root, '.gazette');
  return build({
    files,
    workspace: await readWorkspace(files, root),
    settings,
    stateFolder,
    store: await openWorkspaceStore(files, settings, root, stateFolder),
    clock: systemClock,
    // A command tells its own result; its log is for what went wrong.
    log: openLog({ level: settings.log.level ?? 'warn', format }),
    ...instead,
  });
}

function readWorkspace(files: Files, root: string): Promise<Workspace<SourceOptions>> {
  const epoch = new Date(0);
  const periodMs = (schedule: string, timezone: string) => {
    const first = cronCalendar.next(schedule, timezone, epoch);
    return cronCalendar.next(schedule, timezone, first).getTime() - first.getTime();
  };
  return loadWorkspace(files, root, { sourceKinds: SOURCE_KINDS, checkSchedule, periodMs });
}

async function openWorkspaceStore(
  files: Files,
  { databaseUrl }: OperatorSettings,
  root: string,
  stateFolder: string,
): Promise<Store> {
  if (databaseUrl !== undefined) {
    const isPath = !/^[a-z]+:\/\//i.test(databaseUrl) && !isAbsolute(databaseUrl);
    return openStore(isPath ? join(root, databaseUrl) : databaseUrl);
  }
  // Keeps the state out of version control, and makes the folder.
  const ignore = join(stateFolder, '.gitignore');
  if ((await files.read(ignore)) === undefined) await files.write(ignore, '*\n');
  return openStore(join(stateFolder, 'gazette.db'));
}

interface Parts {
  readonly files: Files;
  readonly workspace: Workspace<SourceOptions>;
  readonly settings: Pick<
    OperatorSettings,
    'smtpUrl' | 'secrets' | 'publicUrl' | 'bounceAddress' | 'dkim' | 'rate' | 'notify'
  >;
  readonly stateFolder: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

function build({ files, workspace, settings, stateFolder, store, clock, log }: Parts): Built {
  const { root, contentDir } = workspace;
  const themeFolders = [join(root, 'templates'), join(PACKAGE, 'templates')];
  const shown = (path: string) => relative(root, path);
  const shop = openRenderer({
    files,
    themeFolders,
    shown,
  });
  const { secrets, publicUrl } = settings;
  const links = publicUrl !== undefined && secrets.length > 0 ? openLinks({ publicUrl, secrets }) : deadLinks;
  const dkim = settings.dkim ? { dkim: [settings.dkim] } : {};
  let transport: Transport | undefined;
  let pace: Pace | undefined;
  const transportOf = () => {
    transport ??= openTransport(smtpUrlOf(settings), { files, root });
    return transport;
  };
  const publicSide = publicSideFrom(
    settings,
    () => openPages({ files, themeFolders, shown, book: shop, keepMs: 2_000 }),
    dkim,
  );
  const house: House = {
    newsletters: new Map(workspace.newsletters.map((newsletter) => [newsletter.id, newsletter])),
    sources: new Map(
      [...workspace.sources].map(([name, options]) => [name, openSource(name, options, { files, contentDir })]),
    ),
    store,
    openEmptyStore: () => openSqliteStore({ path: '' }),
    renderer: shop,
    words: async (language) => ((await shop.hasLanguage(language)) ? shop.words(language) : undefined),
    messages: openMessageBuilder({
      links: readerLinks(links),
      archiveUrl: ({ issue }) => publicSide && links.webUrl(issue.newsletter, issue.number),
      ...envelopeFrom(settings),
      ...dkim,
    }),
    deadMessages: openMessageBuilder({ links: readerLinks(deadLinks), test: true, ...dkim }),
    transport: transportOf,
    pace: () => {
      pace ??= openSharedPace({
        shared: store.shared,
        transport: transportOf().description,
        limits: settings.rate,
      });
      return pace;
    },
    ...(publicSide && { publicSide }),
    ...notifierFrom(settings, workspace, openNoticeBuilder(dkim), () => house.transport(), clock),
    missingForSending: missingFrom(settings),
    files,
    stateFolder,
    clock,
    calendar: cronCalendar,
    processes: thisProcess(),
    log,
    newId: randomId,
  };
  const close = async () => {
    await transport?.close();
    await store.close();
  };
  return { house, doctorTools: doctorToolsFrom(settings), close };
}

function publicSideFrom(
  { secrets, publicUrl }: Parts['settings'],
  pages: () => PublicSide['pages'],
  dkim: Pick<MessageOptions, 'dkim'>,
): PublicSide | undefined {
  if (publicUrl === undefined || secrets.length === 0) return undefined;
  return {
    publicUrl,
    links: openLinks({ publicUrl, secrets }),
    stamps: openStamps(secrets),
    pages: pages(),
    notices: openNoticeBuilder(dkim),
    erasedKeys: (addressKey) => secrets.map((secret) => erasedKeyOf(secret, addressKey)),
  };
}

function readerLinks(links: Links): MessageOptions['links'] {
  return ({ subscriber }, { newsletter, number }) => ({
    unsubscribeUrl: links.unsubscribeUrl(newsletter, subscriber),
    oneClickUrl: links.oneClickUrl(newsletter, subscriber),
    preferencesUrl: links.preferencesUrl(newsletter, subscriber),
    webUrl: links.webUrl(newsletter, number),
  });
}

function envelopeFrom({ bounceAddress, secrets }: Parts['settings']): Pick<MessageOptions, 'envelopeFrom'> {
  if (bounceAddress === undefined || secrets.length === 0) return {};
  const bounces = openBounceAddresses({ address: bounceAddress, secrets });
  return { envelopeFrom: (delivery) => bounces.bounceAddress(delivery) };
}

function doctorToolsFrom({ publicUrl, bounceAddress, dkim }: Parts['settings']): DoctorTools {
  const publicKeyOf = (privateKey: string) =>
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
  return {
    dns: systemDns(),
    host: thisHost,
    askWeb,
    ...(publicUrl !== undefined && { publicUrl }),
    ...(bounceAddress !== undefined && { bounceAddress }),
    ...(dkim && { dkim: { domain: dkim.domain, selector: dkim.selector, publicKey: publicKeyOf(dkim.privateKey) } }),
  };
}

function notifierFrom(
  { notify, secrets }: Parts['settings'],
  { newsletters }: Parts['workspace'],
  notices: NoticeBuilder,
  transport: () => Transport,
  clock: Clock,
): Pick<House, 'notifier'> {
  const [newsletter] = newsletters;
  if (!notify || !newsletter) return {};
  if (notify.kind === 'webhook')
    return { notifier: openWebhook({ url: notify.url, secret: secrets[0]?.secret, clock }) };
  return { notifier: openMailNotifier({ to: notify.address, from: newsletter.sender, notices, transport, clock }) };
}

function smtpUrlOf({ smtpUrl }: Parts['settings']): string {
  if (smtpUrl !== undefined) return smtpUrl;
  throw new GazetteError('send.not-ready', 'There is no mail server to send by: SMTP_URL is not set.', {
    hint: 'Set SMTP_URL in .env: smtps://user:password@mail.example.org, or file:outbox to write mails to a folder.',
  });
}

function missingFrom({ publicUrl, secrets }: Parts['settings']): readonly string[] {
  return [
    ...(publicUrl?.startsWith('https:') ? [] : ['set GAZETTE_PUBLIC_URL to the https address of your public pages']),
    ...(secrets.length > 0 ? [] : ['set GAZETTE_SECRET (`gazette init` writes one to .env)']),
  ];
}

/** The running service: the public pages and the scheduler. It says what it does at `info`, for nobody else tells it. */
async function runService(
  options: AppOptions,
  files: Files,
  { root, port, metricsPort, ...request }: ServeRequest,
): Promise<void> {
  const env = { GAZETTE_LOG: 'info', ...options.env };
  const { house, close } = await openWorkspace({ ...options, env }, files, resolve(options.folder, root));
  try {
    const pagesPort = port ?? Number(options.env.PORT ?? 8080);
    const flows = openFlows(house);
    await untilOneEnds(request.signal, [
      (signal) => servePublic({ flows: openReaderFlows(house), ...request, port: pagesPort, signal }),
      (signal) => startScheduler(flows, signal),
      ...(metricsPort === undefined
        ? []
        : [(signal: AbortSignal) => serveMonitor({ flows, host: request.host, port: metricsPort, signal })]),
    ]);
  } finally {
    await close();
  }
}

/** Runs parts of one service together: when one ends or fails, the others are asked to end, and awaited. */
async function untilOneEnds(
  signal: AbortSignal,
  parts: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const ends = await Promise.allSettled(parts.map((part) => part(either).finally(() => stop.abort())));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}

/** The demo stands on the package's own sample, with a fresh store, an inbox of its own, and a clock that is set. */
async function demo(files: Files, root: string, request: DemoRequest): Promise<DemoReport> {
  const folder = join(root, '.gazette', 'demo');
  for (const path of (await files.list(folder)) ?? []) await files.remove(path);
  const { newsletter, now } = await readDemoSettings(files, join(PACKAGE, 'content', 'demo.yaml'));
  const readers = (await files.read(join(PACKAGE, 'content', 'subscribers.csv'))) ?? new Uint8Array();
  await files.write(join(folder, '.gitignore'), '*\n');
  const inbox = await openInbox();
  const { house, close } = build({
    files,
    workspace: await readWorkspace(files, PACKAGE),
    settings: {
      smtpUrl: inbox.url,
      publicUrl: 'https://news.fourth-floor.example.org',
      secrets: [{ kid: 'demo', secret: randomBytes(32).toString('base64url') }],
      rate: {},
    },
    stateFolder: folder,
    store: await openSqliteStore({ path: join(folder, 'gazette.db') }),
    clock: startedAt(now),
    log: silentLog,
  });
  try {
    return await runDemo({ house, newsletter, readers, mails: () => inbox.mails, folder }, request);
  } finally {
    await close();
    await inbox.close();
  }
}

/** A clock that begins at a moment and runs on. */
function startedAt(moment: Date): Clock {
  const behindMs = systemClock.now().getTime() - moment.getTime();
  return { now: () => new Date(systemClock.now().getTime() - behindMs), sleep: systemClock.sleep };
}

/** The self-test stands in a workspace of its own, and its senders are this program in processes of their own. */
async function selftest(
  options: AppOptions,
  files: Files,
  { seed = randomInt(1_000_000), ...request }: Parameters<FrontDoor['selftest']>[0],
): Promise<SelftestReport> {
  const folder = await openTempFolder('selftest');
  const server = await openFaultyInbox(seed);
  const root = folder.path;
  const env = { ...hostVariables(options), SMTP_URL: server.url, GAZETTE_LOG: 'info json' };
  const program = join(PACKAGE, 'dist', 'main.js');
  let built: Built | undefined;
  try {
    const newSecret = () => randomBytes(32).toString('base64url');
    await initWorkspace({ files, model: join(PACKAGE, 'templates', 'workspace'), newSecret }, root);
    const post = `---\ntitle: The crash test\ndate: ${systemClock.now().toISOString()}\n---\n\nOnce, or twice after a doubt.\n`;
    await files.write(join(root, 'content', 'posts', 'crash-test.md'), post);
    built = await openWorkspace({ ...options, env }, files, root, { clock: leapingClock(systemClock), log: silentLog });
    const startSender = ({ number }: Issue) => {
      const sender = startProgram(program, ['--root', root, 'issue', 'resume', String(number), '--json'], env);
      return { ...sender, untilSending: () => sender.untilItSays('issue.sending-started') };
    };
    const tools = { house: built.house, server, startSender, clock: systemClock, seed, random: seededRandom(seed) };
    return await runSelftest(tools, request);
  } finally {
    await built?.close();
    await server.close();
    await folder.remove();
  }
}

/** What a process of this host needs to run at all; the operator's own settings stay outside. */
function hostVariables({ env }: AppOptions): { readonly [name: string]: string } {
  const names = ['PATH', 'SystemRoot', 'TEMP', 'LD_LIBRARY_PATH'];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
