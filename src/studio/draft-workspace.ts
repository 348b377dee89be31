/** What stands on the desk until the settings or the ledger change: a house over a scratch copy, with every source read. */
import { join } from 'node:path';
import { type AppContext, openUseCases } from '../app-context.js';
import { GazetteError } from '../domain/errors.js';
import type { Store } from '../domain/ports/storage.js';
import { sourceNamed } from '../issue/collect.js';
import { sourcesInUse } from '../operate/poll-sources.js';
import { rememberRenders } from './remember-renders.js';
import { openSourceReadings, type SourceReadings } from './source-readings.js';

export interface DraftWorkspace {
  readonly deps: AppContext;
  readonly draftDeps: AppContext;
  readonly scratch: Store;
  readonly isWithoutLedger: boolean;
  /** The ledger's heads this was copied from. */
  readonly heads: string;
  readonly readings: SourceReadings;
  forgetRenders(): void;
}

/** Builds a scratch copy and reads every source into it. */
export async function openDraftWorkspace(deps: AppContext, root: string): Promise<DraftWorkspace> {
  const heads = await headsOf(deps);
  const scratch = await deps.store.scratch();
  const { renderer, forget } = rememberRenders(deps.renderer);
  const draftDeps = openUseCases({ ...deps, store: scratch, renderer });
  const workspace: DraftWorkspace = {
    deps,
    draftDeps,
    scratch,
    isWithoutLedger: await isWithoutLedger(deps),
    heads,
    readings: openSourceReadings(draftDeps),
    forgetRenders: forget,
  };
  try {
    for (const name of sourcesInUse(deps)) await workspace.readings.readWhole(sourceNamed(deps, name));
    if (workspace.isWithoutLedger)
      await addSampleReaders(workspace.draftDeps, join(root, 'content', 'subscribers.csv'));
  } catch (error) {
    await scratch.close();
    throw error;
  }
  return workspace;
}

/** Whether nobody has been written to from here: no issue and no reader. */
async function isWithoutLedger({ newsletters, store }: AppContext): Promise<boolean> {
  if ((await store.ledger.issues()).length > 0) return false;
  for (const { id } of newsletters.values()) for await (const _ of store.audience.list(id)) return false;
  return true;
}

/** Readers to look through where there are none: nobody is written to from a scratch copy. */
async function addSampleReaders(draftDeps: AppContext, file: string): Promise<void> {
  const source = await draftDeps.files.read(file);
  if (source === undefined) return;
  for (const newsletter of draftDeps.newsletters.values()) {
    try {
      await draftDeps.readers.importSubscribers({ newsletter, source, consentSource: 'sample' });
    } catch (error) {
      if (!(error instanceof GazetteError)) throw error;
      draftDeps.log.warn('desk.sample-readers-unread', { file, reason: error.message });
    }
  }
}

/** Names the ledger as it is; another name than the standing's own asks for a new copy. */
export async function headsBeside({ deps, isWithoutLedger: was }: DraftWorkspace): Promise<string> {
  const heads = await headsOf(deps);
  // Readers that come are told by no head; the first of them end the showing of sample readers.
  return was && !(await isWithoutLedger(deps)) ? `${heads} readers` : heads;
}

/** Changes when anybody made or cancelled an issue, or collected something new. */
async function headsOf({ newsletters, store }: AppContext): Promise<string> {
  const heads: string[] = [];
  for (const { id } of newsletters.values()) heads.push((await store.ledger.history(id)).head);
  return heads.join(' ');
}
