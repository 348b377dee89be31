/**
 * The live draft: the next issue of each newsletter over a scratch copy of the ledger, into which saved files are read one by
 * one. It is drafted exactly as for sending; a save costs one file read, and only what is looked at is rendered.
 */
import { join, sep } from 'node:path';
import type { Edition } from '../domain/edition.js';
import type { GazetteError } from '../domain/errors.js';
import { machineFault } from '../domain/machine-fault.js';
import { type Newsletter, newsletterNamed } from '../domain/newsletter.js';
import type { AudienceStore } from '../domain/ports/audience.js';
import type { WatchFolders } from '../domain/ports/content.js';
import type { ReaderGroup } from '../domain/ports/ledger.js';
import type { Draft } from '../issue/draft.js';
import type { EditionPlan } from '../issue/editions.js';
import { openDraftWorkspace, presentLedgerState } from './draft-workspace.js';
import { draftLiveIssue, type LiveIssue } from './live-issue.js';
import type { StudioApp } from './ports.js';

export interface LiveDraftDeps {
  /** Builds the program from its files as they are now; its sources keep what they have read. Throws `config.invalid`. */
  openApp(): Promise<StudioApp>;
  readonly watch: WatchFolders;
  /** The workspace, absolute. */
  readonly root: string;
  /** The folders of themes, absolute. */
  readonly templates: readonly string[];
  /** Closes the draft. */
  readonly signal: AbortSignal;
}

export interface LiveDraft {
  /** Counts up with every visible change. */
  version(): number;
  /** Calls the listener after each change. Returns a function that removes it. */
  onChange(listener: () => void): () => void;
  /** The program over the real ledger. */
  app(): StudioApp;
  /** Throws `config.missing-newsletter`. */
  newsletter(id: string): Newsletter;
  /** The ledger has no issue and no reader: sample readers are shown, and nothing can be approved or sent. */
  isWithoutLedger(): boolean;
  /** Why the newest settings cannot be read; until they can, the draft keeps the ones before. */
  problem(): GazetteError | undefined;
  /** Keeps the scratch copy open until the work has ended, even if it is replaced meanwhile. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Throws the error that prevents the issue from being drafted. */
  issue(newsletter: string): Promise<LiveIssue>;
  /** The issue with a verdict on every post there is. */
  everyPost(issue: LiveIssue): Promise<Draft>;
  /** The edition a group of readers would get; `undefined` if the issue has nothing for them. */
  editionFor(issue: LiveIssue, group: ReaderGroup): Promise<EditionPlan | undefined>;
  /** Renders an edition, unless it has not changed since. */
  render(issue: LiveIssue, plan: EditionPlan): Promise<Edition>;
  /** Renders editions one after another. */
  rendered(issue: LiveIssue, plans: readonly EditionPlan[]): AsyncIterable<Edition>;
  /** The readers the draft is shown for. */
  audience(): AudienceStore;
  /** Reads what was saved at these paths. The watch calls it by itself. */
  readSaved(paths: readonly string[]): Promise<void>;
  /** Drafts again at once after the studio wrote a file: the watch reports it later. */
  redraft(): Promise<void>;
  /** Reads everything again, including what others did to the ledger. */
  refresh(): Promise<void>;
}

/** Time passes without an event (posts come due, readers sign up), so a draft is used only this long. */
const FRESH_MS = 30_000;

export async function openLiveDraft(deps: LiveDraftDeps): Promise<LiveDraft> {
  const { signal, root, templates } = deps;
  const listeners = new Set<() => void>();
  const watched = new Set<string>();
  let version = 1;
  let problem: GazetteError | undefined;
  /** The state of the ledger that could not be followed, and when that was tried. */
  let failed: { readonly ledgerState: string; readonly at: number } | undefined;
  let current = await openCurrent();
  const drafts = new Map<string, { readonly issue: Promise<LiveIssue>; readonly at: number }>();
  /** Pages and actions in progress; none of them rejects. */
  const working = new Set<Promise<void>>();
  let queue: Promise<void> = Promise.resolve();

  async function openCurrent() {
    const app = await deps.openApp();
    return { app, workspace: await openDraftWorkspace(app) };
  }

  function changed(): void {
    version += 1;
    drafts.clear();
    for (const listener of listeners) listener();
  }

  /** Drafts once while the draft is fresh; a failed one is tried again at the next look. */
  function draftOf(newsletter: Newsletter): Promise<LiveIssue> {
    const now = current.app.clock.now();
    const kept = drafts.get(newsletter.id);
    if (kept && Math.abs(now.getTime() - kept.at) < FRESH_MS) return kept.issue;
    const drafted = { issue: draftLiveIssue(current.app, current.workspace, newsletter, now), at: now.getTime() };
    drafts.set(newsletter.id, drafted);
    drafted.issue.catch(() => {
      if (drafts.get(newsletter.id) === drafted) drafts.delete(newsletter.id);
    });
    return drafted.issue;
  }

  /** Runs changes one after another: each starts from the result of the one before. */
  function enqueue(work: () => Promise<void>): Promise<void> {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
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

  /** Closes a scratch copy once all work that may read it has ended; later work uses its replacement. */
  async function closeUnused({ app, workspace }: typeof current): Promise<void> {
    try {
      await Promise.all(working);
      await workspace.scratch.close();
    } catch (error) {
      app.log.error('studio.scratch-not-closed', { error });
    }
  }

  /** Returns whether there is something new to show: another draft, or another problem. */
  async function replace(): Promise<boolean> {
    const known = problem && textOf(problem);
    try {
      const next = await openCurrent();
      const before = current;
      current = next;
      problem = undefined;
      void closeUnused(before);
      await watchAll();
    } catch (error) {
      const fault = machineFault(error);
      if (!fault) throw error;
      problem = fault;
      return textOf(fault) !== known;
    }
    return true;
  }

  /**
   * Follows what others did to the ledger. While that fails, the same state is not tried again at each look, and pages are
   * notified only of a problem they have not shown yet.
   */
  async function followLedger(): Promise<void> {
    const { app, workspace } = current;
    const ledgerState = await presentLedgerState(app, workspace);
    if (ledgerState === workspace.ledgerState) return;
    const now = app.clock.now().getTime();
    if (failed?.ledgerState === ledgerState && Math.abs(now - failed.at) < FRESH_MS) return;
    const isNew = await replace();
    failed = problem && { ledgerState, at: now };
    if (isNew) changed();
  }

  async function replaceAll(): Promise<void> {
    await replace();
    changed();
  }

  async function readSaved(paths: readonly string[]): Promise<void> {
    if (paths.some((path) => settingsIn(root).some((place) => isAt(place, path)))) return replaceAll();
    const { readings, issues, forgetRenders } = current.workspace;
    if (paths.some((path) => templates.some((folder) => isAt(folder, path)))) forgetRenders();
    for (const source of issues.collecting.sources.values()) {
      const { folder } = source;
      const changedFiles = folder === undefined ? [] : paths.filter((path) => isAt(folder, path));
      if (changedFiles.length > 0) await readings.readAgain(source, folder ?? '', changedFiles);
    }
    changed();
  }

  /** The watch awaits nothing, so a failure is logged here. */
  async function readSavedOrLog(paths: readonly string[]): Promise<void> {
    try {
      await enqueue(() => readSaved(paths));
    } catch (error) {
      current.app.log.error('studio.save-not-read', { error, paths: paths.slice(0, 3) });
    }
  }

  async function watchAll(): Promise<void> {
    const { sources } = current.workspace.issues.collecting;
    const folders = [...sources.values()].flatMap(({ folder }) => folder ?? []);
    const missing = [join(root, 'content'), join(root, '.env'), ...templates, ...folders].filter(
      (folder) => ![...watched].some((known) => isAt(known, folder)),
    );
    for (const folder of missing) watched.add(folder);
    if (missing.length > 0) await deps.watch(missing, (paths) => void readSavedOrLog(paths), signal);
  }

  await watchAll();
  signal.addEventListener('abort', () => void enqueue(async () => void closeUnused(current)), { once: true });

  return {
    version: () => version,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    app: () => current.app,
    newsletter: (id) => newsletterNamed(current.app, id),
    isWithoutLedger: () => current.workspace.isWithoutLedger,
    problem: () => problem,
    during,
    issue: (id) =>
      during(async () => {
        await enqueue(followLedger);
        return draftOf(newsletterNamed(current.app, id));
      }),
    everyPost: ({ newsletter, draft }) =>
      current.workspace.issues.drafts.draft(newsletter, draft.target, { everyPost: true }),
    editionFor: async ({ draft }, group) => {
      const { editions } = await current.workspace.issues.editions.plan(draft, [group]);
      return editions[0];
    },
    render: ({ draft }, plan) => current.workspace.issues.editions.render(draft, plan),
    rendered: ({ draft }, plans) => current.workspace.issues.editions.rendered(draft, plans),
    audience: () => (current.workspace.isWithoutLedger ? current.workspace.scratch : current.app.store).audience,
    readSaved: (paths) => enqueue(() => readSaved(paths)),
    redraft: () => enqueue(async () => changed()),
    refresh: () => enqueue(replaceAll),
  };
}

function textOf({ message, where, problems }: GazetteError): string {
  return JSON.stringify([message, where, problems]);
}

/** When one of these changes, the program is built again. */
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
