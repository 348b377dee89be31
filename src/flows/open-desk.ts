/**
 * The editor's desk: the next issue of each newsletter as it stands, on a scratch copy of the ledger that saved files are
 * read into one by one. It walks the same road as sending; a save costs one reading, and only what is looked at is rendered.
 */
import { join, relative, sep } from 'node:path';
import type { Edition } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { CountedGroup, ReaderGroup, Source, Store, WatchFolders, WrittenArrangement } from '../domain/ports.js';
import type { BrokenPost } from '../domain/post.js';
import { awaitedOccurrence } from './answered-draft.js';
import { type ApprovalStatus, readApproval } from './approve-issue.js';
import { sourcesInUse } from './collect-between.js';
import { type CollectReport, collectSource, rememberCollection, sourceNamed } from './collect-posts.js';
import {
  type ArrangedIssue,
  arrangeEditions,
  type Draft,
  draftCandidates,
  type EditionPlan,
  renderEdition,
} from './draft-issue.js';
import { type House, newsletterNamed } from './house.js';
import { importSubscribers } from './import-subscribers.js';
import { writableGroups } from './plan-issue.js';
import { rememberRenders } from './remember-renders.js';

export interface DeskTools {
  /** Builds the house as its files say at this moment; its sources keep their readings. Throws `config.invalid`. */
  openHouse(): Promise<House>;
  readonly watch: WatchFolders;
  /** Absolute. */
  readonly root: string;
  /** Where themes lie; absolute. */
  readonly templates: readonly string[];
  /** Ends the desk. */
  readonly signal: AbortSignal;
}

export interface DeskIssue {
  readonly newsletter: Newsletter;
  readonly draft: Draft;
  /** The moment of the schedule it stands for, when it will leave by itself. */
  readonly occurrence: Date;
  /** Absent where nobody is asked. */
  readonly approval: ApprovalStatus | undefined;
  /** What its editor has written; absent where nothing is arranged. */
  readonly written: WrittenArrangement | undefined;
  /** Where that is, or would be. */
  readonly arrangementFile: string;
  /** The occurrence it is written for: of an issue that catches up on missed ones, the one that was arranged. */
  readonly arrangedFor: Date;
  readonly arranged: ArrangedIssue;
  /** The edition for readers who wish for everything, in the newsletter's language; absent when there is no issue. */
  readonly full: EditionPlan | undefined;
  readonly groups: readonly CountedGroup[];
  /** Files that cannot be read. */
  readonly broken: readonly BrokenPost[];
  readonly failed: CollectReport['failed'];
}

export interface Desk {
  /** Counts up whenever something that is seen has changed. */
  version(): number;
  /** Told after each change. Returns how to stop listening. */
  onChange(listener: () => void): () => void;
  /** The house the desk stands in, over the real ledger. */
  house(): House;
  /** The same over the scratch copy: what the desk shows. */
  deskHouse(): House;
  /** Nobody has been written to from here: no issue and no reader in the ledger. */
  isWithoutLedger(): boolean;
  /** What keeps the newest settings from being read; until it is mended the desk shows the ones before. */
  problem(): GazetteError | undefined;
  /** Throws what keeps the issue from being drafted. */
  issue(newsletter: string | undefined): Promise<DeskIssue>;
  /** Renders an edition, unless it is as it was. */
  edition(issue: DeskIssue, plan: EditionPlan): Promise<Edition>;
  /** Takes up what was saved below these paths. The watch calls it by itself. */
  takeUp(paths: readonly string[]): Promise<void>;
  /** What the studio itself wrote is shown at once: the watch tells of it later. */
  touch(): Promise<void>;
  /** Reads everything again, also what others did to the ledger. */
  refresh(): Promise<void>;
}

/** What stands on the desk until the settings or the ledger change. */
interface Standing {
  readonly house: House;
  readonly deskHouse: House;
  readonly scratch: Store;
  readonly isWithoutLedger: boolean;
  /** The ledger's heads this was copied from. */
  readonly heads: string;
  /** What was last read of each source, by its name. */
  readonly readings: Map<string, Reading>;
  forgetRenders(): void;
}

interface Reading {
  readonly broken: readonly BrokenPost[];
  /** The keys of each post by the path of its file, as JSON: while they stay, a file may be read alone. */
  readonly keys: ReadonlyMap<string, string>;
  readonly failure?: GazetteError;
}

export async function openDesk(tools: DeskTools): Promise<Desk> {
  const { signal } = tools;
  const listeners = new Set<() => void>();
  const watched = new Set<string>();
  let version = 1;
  let problem: GazetteError | undefined;
  let standing = await stand(await tools.openHouse(), tools.root);
  let drafts = new Map<string, Promise<DeskIssue>>();
  let queue: Promise<void> = Promise.resolve();

  function changed(): void {
    version += 1;
    drafts = new Map();
    for (const listener of listeners) listener();
  }

  /** One after another: each starts from what the one before left. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const turn = queue.then(work);
    queue = turn.catch(() => undefined);
    return turn;
  }

  async function replace(): Promise<void> {
    try {
      const next = await stand(await tools.openHouse(), tools.root);
      const before = standing;
      standing = next;
      problem = undefined;
      await before.scratch.close();
      await watchAll();
    } catch (error) {
      if (!(error instanceof GazetteError)) throw error;
      problem = error;
    }
    changed();
  }

  async function takeUp(paths: readonly string[]): Promise<void> {
    if (paths.some((path) => settingsIn(tools.root).some((place) => isAt(place, path)))) return replace();
    if (paths.some((path) => tools.templates.some((folder) => isAt(folder, path)))) standing.forgetRenders();
    for (const source of standing.house.sources.values()) {
      const { folder } = source;
      const mine = folder === undefined ? [] : paths.filter((path) => isAt(folder, path));
      if (mine.length > 0) await readAgain(standing, source, folder ?? '', mine);
    }
    changed();
  }

  async function watchAll(): Promise<void> {
    const folders = [...standing.house.sources.values()].flatMap(({ folder }) => folder ?? []);
    const missing = [join(tools.root, 'content'), join(tools.root, '.env'), ...tools.templates, ...folders].filter(
      (folder) => ![...watched].some((known) => isAt(known, folder)),
    );
    for (const folder of missing) watched.add(folder);
    if (missing.length > 0) await tools.watch(missing, (paths) => void inTurn(() => takeUp(paths)), signal);
  }

  await watchAll();
  signal.addEventListener('abort', () => void inTurn(() => standing.scratch.close()), { once: true });

  return {
    version: () => version,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    house: () => standing.house,
    deskHouse: () => standing.deskHouse,
    isWithoutLedger: () => standing.isWithoutLedger,
    problem: () => problem,
    async issue(id) {
      await queue;
      const newsletter = newsletterNamed(standing.house, id);
      if ((await headsOf(standing.house)) !== standing.heads) await inTurn(replace);
      const kept = drafts.get(newsletter.id) ?? draftOnDesk(standing, newsletterNamed(standing.house, newsletter.id));
      drafts.set(newsletter.id, kept);
      return kept;
    },
    edition: ({ draft }, plan) => renderEdition(standing.deskHouse, draft, plan),
    takeUp: (paths) => inTurn(() => takeUp(paths)),
    touch: () => inTurn(async () => changed()),
    refresh: () => inTurn(replace),
  };
}

/** Builds a scratch copy and reads every source into it. */
async function stand(house: House, root: string): Promise<Standing> {
  const heads = await headsOf(house);
  const scratch = await house.store.scratch();
  const { renderer, forget } = rememberRenders(house.renderer);
  const standing: Standing = {
    house,
    deskHouse: { ...house, store: scratch, renderer },
    scratch,
    isWithoutLedger: await isWithoutLedger(house),
    heads,
    readings: new Map(),
    forgetRenders: forget,
  };
  try {
    for (const name of sourcesInUse(house)) await readWhole(standing, sourceNamed(house, name));
    if (standing.isWithoutLedger) await addSampleReaders(standing.deskHouse, join(root, 'content', 'subscribers.csv'));
  } catch (error) {
    await scratch.close();
    throw error;
  }
  return standing;
}

/** A source that fails is shown as failing; the desk goes on with what is known of it. */
async function readWhole({ deskHouse, scratch, readings }: Standing, source: Source): Promise<void> {
  const { name } = source;
  try {
    const broken = await collectSource(deskHouse, scratch, source, {});
    readings.set(name, { broken, keys: await keysOf(scratch, name) });
  } catch (error) {
    if (!(error instanceof GazetteError)) throw error;
    readings.set(name, { broken: [], keys: await keysOf(scratch, name), failure: error });
  }
}

async function keysOf(scratch: Store, source: string): Promise<ReadonlyMap<string, string>> {
  const { posts } = await scratch.posts.known([source]);
  return new Map(posts.map(({ post }) => [post.keys.path ?? '', JSON.stringify(post.keys)]));
}

/** More files than this at once are sooner read all together. */
const MOST_ALONE = 20;

/** Reads the files that changed, alone where that tells everything: no post came, went, moved or got another key. */
async function readAgain(standing: Standing, source: Source, folder: string, paths: readonly string[]): Promise<void> {
  const { deskHouse, scratch, readings } = standing;
  const reading = readings.get(source.name);
  if (!reading || reading.failure !== undefined || paths.length > MOST_ALONE) return readWhole(standing, source);
  const healed = new Set<string>();
  for (const path of paths) {
    const within = relative(folder, path).split(sep).join('/');
    const keys = reading.keys.get(within);
    const collection = keys === undefined ? undefined : await source.reread?.(path);
    const [post] = collection?.posts ?? [];
    if (!collection || !post || JSON.stringify(post.keys) !== keys) return readWhole(standing, source);
    await rememberCollection(deskHouse, scratch, collection);
    healed.add(within);
  }
  const broken = reading.broken.filter(({ keys }) => !healed.has(keys.path ?? ''));
  readings.set(source.name, { ...reading, broken });
}

async function draftOnDesk(standing: Standing, newsletter: Newsletter): Promise<DeskIssue> {
  const { house, deskHouse, scratch, readings } = standing;
  const now = house.clock.now();
  // What was answered stands in the real ledger; what it was about is held against the desk.
  const asked: House = { ...deskHouse, store: { ...scratch, shared: house.store.shared } };
  const approval = newsletter.approval.kind === 'none' ? undefined : await readApproval(asked, newsletter);
  const occurrence = approval?.occurrence ?? (await awaitedOccurrence(asked, newsletter));
  const occasion = approval?.occasion ?? { occurrence, cutoff: now < occurrence ? now : occurrence, manual: false };
  const draft = await draftCandidates(deskHouse, newsletter, occasion, await scratch.ledger.standing(newsletter.id));
  const { audience } = standing.isWithoutLedger ? scratch : house.store;
  const groups = await audience.groups(newsletter.id, now);
  const isIssue = draft.selection.outcome === 'issue';
  const arranged = isIssue
    ? await arrangeEditions(deskHouse, draft, [EVERYTHING, ...writableGroups(groups)])
    : { editions: [], routes: [] };
  const mine = newsletter.sources.flatMap(({ name }) => {
    const reading = readings.get(name);
    return reading ? [{ source: name, ...reading }] : [];
  });
  const arrangedFor = draft.arrangement?.occurrence ?? occurrence;
  return {
    newsletter,
    draft,
    occurrence,
    approval,
    written: await house.arrangements.read(newsletter, arrangedFor),
    arrangementFile: await house.arrangements.fileOf(newsletter, arrangedFor),
    arrangedFor,
    arranged,
    full: arranged.editions.find(({ key }) => key === arranged.routes[0]?.edition),
    groups,
    broken: mine.flatMap(({ broken }) => broken),
    failed: mine.flatMap(({ source, failure }) => (failure === undefined ? [] : [{ source, error: failure }])),
  };
}

const EVERYTHING: ReaderGroup = { wishes: '*' };

async function isWithoutLedger({ newsletters, store }: House): Promise<boolean> {
  if ((await store.ledger.issues()).length > 0) return false;
  for (const { id } of newsletters.values()) for await (const _ of store.audience.list(id)) return false;
  return true;
}

/** Readers to look through where there are none: nobody is written to from a scratch copy. */
async function addSampleReaders(deskHouse: House, file: string): Promise<void> {
  const source = await deskHouse.files.read(file);
  if (source === undefined) return;
  for (const newsletter of deskHouse.newsletters.values()) {
    try {
      await importSubscribers(deskHouse, { newsletter, source, consentSource: 'sample' });
    } catch (error) {
      if (!(error instanceof GazetteError)) throw error;
      deskHouse.log.warn('desk.sample-readers-unread', { file, reason: error.message });
    }
  }
}

/** Changes when anybody made or cancelled an issue, or collected something new. */
async function headsOf({ newsletters, store }: House): Promise<string> {
  const heads: string[] = [];
  for (const { id } of newsletters.values()) heads.push((await store.ledger.standing(id)).head);
  return heads.join(' ');
}

/** What makes the house: when one of these changes it is built again. */
function settingsIn(root: string): readonly string[] {
  const content = join(root, 'content');
  return [
    join(root, '.env'),
    join(content, 'sources.yaml'),
    join(content, 'newsletters'),
    join(content, 'subscribers.csv'),
  ];
}

function isAt(place: string, path: string): boolean {
  return path === place || path.startsWith(`${place}${sep}`);
}
