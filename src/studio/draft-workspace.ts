/** A scratch copy of the ledger with every source read into it, kept until the settings or the ledger change. */

import type { ApprovalStatus } from '../approval/answer.js';
import { openAnswers } from '../approval/answer.js';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Store } from '../domain/ports/storage.js';
import type { IssuesOverStore } from '../issue/index.js';
import { sourceNamed } from '../issue/read-sources.js';
import { sourcesInUse } from '../operate/poll-sources.js';
import type { DraftPorts } from './ports.js';
import { openRenderCache } from './render-cache.js';
import { openSourceReadings, type SourceReadings } from './source-readings.js';

export interface DraftWorkspace {
  readonly scratch: Store;
  /** The issue module over the scratch copy. */
  readonly issues: IssuesOverStore;
  readApproval(newsletter: Newsletter, now: Date): Promise<ApprovalStatus>;
  readonly readings: SourceReadings;
  /** The ledger has no issue and no reader. */
  readonly isWithoutLedger: boolean;
  /** Names the state of the ledger that was copied. */
  readonly ledgerState: string;
  forgetRenders(): void;
}

/** Makes a scratch copy and reads every source into it. */
export async function openDraftWorkspace(ports: DraftPorts): Promise<DraftWorkspace> {
  const { newsletters, store, clock, log } = ports;
  const ledgerState = await readLedgerState(ports);
  const scratch = await store.draftScratch();
  const renders = openRenderCache(ports.renderer);
  const issues = ports.issues.over(scratch, renders.renderer);
  const answers = openAnswers({ issues, ledger: scratch.ledger, newsletters, log });
  const workspace: DraftWorkspace = {
    scratch,
    issues,
    readApproval: answers.read,
    readings: openSourceReadings(issues.collecting, clock),
    isWithoutLedger: await isWithoutLedger(ports),
    ledgerState,
    forgetRenders: renders.forget,
  };
  try {
    for (const name of sourcesInUse(ports)) {
      await workspace.readings.readWhole(sourceNamed(issues.collecting, name));
    }
    if (workspace.isWithoutLedger) await addSampleReaders(ports, scratch);
  } catch (error) {
    await scratch.close();
    throw error;
  }
  return workspace;
}

async function isWithoutLedger({ newsletters, store }: DraftPorts): Promise<boolean> {
  if ((await store.ledger.issues()).length > 0) return false;
  for (const { id } of newsletters.values()) for await (const _ of store.audience.list(id)) return false;
  return true;
}

/** Samples that cannot be read are logged: a draft can be shown without readers. */
async function addSampleReaders({ newsletters, importSampleReaders, log }: DraftPorts, scratch: Store): Promise<void> {
  for (const newsletter of newsletters.values()) {
    try {
      await importSampleReaders(newsletter, scratch);
    } catch (error) {
      if (!(error instanceof GazetteError)) throw error;
      log.warn('studio.sample-readers-unread', { newsletter: newsletter.id, reason: error.message });
    }
  }
}

/** The state of the ledger now. If it differs from the workspace's, the ledger has to be copied again. */
export async function presentLedgerState(ports: DraftPorts, workspace: DraftWorkspace): Promise<string> {
  const state = await readLedgerState(ports);
  // The head does not change with new readers, but the first of them replace the samples.
  return workspace.isWithoutLedger && !(await isWithoutLedger(ports)) ? `${state} readers` : state;
}

/** Changes when an issue is made or cancelled, or a new post is collected. */
async function readLedgerState({ newsletters, store }: DraftPorts): Promise<string> {
  const heads: string[] = [];
  for (const { id } of newsletters.values()) heads.push((await store.ledger.history(id)).head);
  return heads.join(' ');
}
