/**
 * The editor's desk: the next issue of each newsletter as it stands, on a scratch copy of the ledger that saved files are
 * read into one by one. It walks the same road as sending; a save costs one reading, and only what is looked at is rendered.
 */
import { join, sep } from 'node:path';
import { type AppContext, newsletterNamed } from '../app-context.js';
import type { Edition } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { WatchFolders } from '../domain/ports/content.js';
import type { EditionPlan } from '../issue/editions.js';
import { type DraftWorkspace, headsBeside, openDraftWorkspace } from './draft-workspace.js';
import { draftLiveIssue, type LiveIssue } from './live-issue.js';

export interface LiveDraftDeps {
  /** Builds the house as its files say at this moment; its sources keep their readings. Throws `config.invalid`. */
  openContext(): Promise<AppContext>;
  readonly watch: WatchFolders;
  /** Absolute. */
  readonly root: string;
  /** Where themes lie; absolute. */
  readonly templates: readonly string[];
  /** Ends the desk. */
  readonly signal: AbortSignal;
}

export interface LiveDraft {
  /** Counts up whenever something that is seen has changed. */
  version(): number;
  /** Told after each change. Returns how to stop listening. */
  onChange(listener: () => void): () => void;
  /** The house the desk stands in, over the real ledger. */
  deps(): AppContext;
  /** The same over the scratch copy: what the desk shows. */
  draftDeps(): AppContext;
  /** Nobody has been written to from here: no issue and no reader in the ledger. */
  isWithoutLedger(): boolean;
  /** What keeps the newest settings from being read; until it is mended the desk shows the ones before. */
  problem(): GazetteError | undefined;
  /** What work finds on the desk stays readable until the work has ended, though the desk be set anew meanwhile. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Throws what keeps the issue from being drafted. */
  issue(newsletter: string | undefined): Promise<LiveIssue>;
  /** Renders an edition, unless it is as it was. */
  edition(issue: LiveIssue, plan: EditionPlan): Promise<Edition>;
  /** Takes up what was saved below these paths. The watch calls it by itself. */
  takeUp(paths: readonly string[]): Promise<void>;
  /** What the studio itself wrote is shown at once: the watch tells of it later. */
  touch(): Promise<void>;
  /** Reads everything again, also what others did to the ledger. */
  refresh(): Promise<void>;
}

export async function openLiveDraft(tools: LiveDraftDeps): Promise<LiveDraft> {
  const { signal } = tools;
  const listeners = new Set<() => void>();
  const watched = new Set<string>();
  let version = 1;
  let problem: GazetteError | undefined;
  /** The ledger that could not be followed, and when that was tried. */
  let failed: { readonly heads: string; readonly at: number } | undefined;
  let workspace = await openDraftWorkspace(await tools.openContext(), tools.root);
  const drafts = new Map<string, { readonly issue: Promise<LiveIssue>; readonly at: number }>();
  /** Pages being made and acts being done; none of them rejects. */
  const working = new Set<Promise<void>>();
  let queue: Promise<void> = Promise.resolve();

  function changed(): void {
    version += 1;
    drafts.clear();
    for (const listener of listeners) listener();
  }

  /** Drafted once while it may be trusted; what failed is tried again at the next look. */
  function draftOf(newsletter: Newsletter): Promise<LiveIssue> {
    const now = workspace.deps.clock.now().getTime();
    const kept = drafts.get(newsletter.id);
    if (kept && Math.abs(now - kept.at) < FRESH_MS) return kept.issue;
    const drafted = { issue: draftLiveIssue(workspace, newsletter), at: now };
    drafts.set(newsletter.id, drafted);
    drafted.issue.catch(() => {
      if (drafts.get(newsletter.id) === drafted) drafts.delete(newsletter.id);
    });
    return drafted.issue;
  }

  /** One after another: each starts from what the one before left. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const turn = queue.then(work);
    queue = turn.catch(() => undefined);
    return turn;
  }

  function during<T>(work: () => Promise<T>): Promise<T> {
    const begun = work();
    const ended = begun.then(
      () => void working.delete(ended),
      () => void working.delete(ended),
    );
    working.add(ended);
    return begun;
  }

  /** Closes a scratch copy once whoever may still read it has ended; who begins later finds the next one. */
  async function leave({ deps, scratch }: DraftWorkspace): Promise<void> {
    try {
      await Promise.all(working);
      await scratch.close();
    } catch (error) {
      deps.log.error('desk.scratch-not-closed', { error });
    }
  }

  /** Returns whether another problem, or none, stands in the way by then. */
  async function replace(): Promise<boolean> {
    const known = problem && wordsOf(problem);
    try {
      const next = await openDraftWorkspace(await tools.openContext(), tools.root);
      const before = workspace;
      workspace = next;
      problem = undefined;
      void leave(before);
      await watchAll();
    } catch (error) {
      if (!(error instanceof GazetteError)) throw error;
      problem = error;
      return wordsOf(error) !== known;
    }
    return true;
  }

  /**
   * Follows what others did to the ledger. While that fails, the same ledger is not asked again at each look, and pages that
   * would look again are told only of what they have not shown yet.
   */
  async function follow(): Promise<void> {
    const heads = await headsBeside(workspace);
    if (heads === workspace.heads) return;
    const now = workspace.deps.clock.now().getTime();
    if (failed?.heads === heads && Math.abs(now - failed.at) < FRESH_MS) return;
    const isNews = await replace();
    failed = problem && { heads, at: now };
    if (isNews) changed();
  }

  async function replaceAll(): Promise<void> {
    await replace();
    changed();
  }

  async function takeUp(paths: readonly string[]): Promise<void> {
    if (paths.some((path) => settingsIn(tools.root).some((place) => isAt(place, path)))) return replaceAll();
    if (paths.some((path) => tools.templates.some((folder) => isAt(folder, path)))) workspace.forgetRenders();
    for (const source of workspace.deps.sources.values()) {
      const { folder } = source;
      const mine = folder === undefined ? [] : paths.filter((path) => isAt(folder, path));
      if (mine.length > 0) await workspace.readings.readAgain(source, folder ?? '', mine);
    }
    changed();
  }

  /** Nobody waits for what the watch tells, so nobody else would hear that it failed. */
  async function takeUpSaved(paths: readonly string[]): Promise<void> {
    try {
      await inTurn(() => takeUp(paths));
    } catch (error) {
      workspace.deps.log.error('desk.save-not-read', { error, paths: paths.slice(0, 3) });
    }
  }

  async function watchAll(): Promise<void> {
    const folders = [...workspace.deps.sources.values()].flatMap(({ folder }) => folder ?? []);
    const missing = [join(tools.root, 'content'), join(tools.root, '.env'), ...tools.templates, ...folders].filter(
      (folder) => ![...watched].some((known) => isAt(known, folder)),
    );
    for (const folder of missing) watched.add(folder);
    if (missing.length > 0) await tools.watch(missing, (paths) => void takeUpSaved(paths), signal);
  }

  await watchAll();
  signal.addEventListener('abort', () => void inTurn(async () => void leave(workspace)), { once: true });

  return {
    version: () => version,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    deps: () => workspace.deps,
    draftDeps: () => workspace.draftDeps,
    isWithoutLedger: () => workspace.isWithoutLedger,
    problem: () => problem,
    during,
    issue: (id) =>
      during(async () => {
        await inTurn(follow);
        return draftOf(newsletterNamed(workspace.deps, id));
      }),
    edition: ({ draft }, plan) => workspace.draftDeps.issues.editions.render(draft, plan),
    takeUp: (paths) => inTurn(() => takeUp(paths)),
    touch: () => inTurn(async () => changed()),
    refresh: () => inTurn(replaceAll),
  };
}

function wordsOf({ message, where, problems }: GazetteError): string {
  return JSON.stringify([message, where, problems]);
}

/** Posts fall due and readers come without anybody telling the desk: a draft is trusted for so long. */
const FRESH_MS = 30_000;

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
