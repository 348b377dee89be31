/** Reads sources between issues, so that posts become news early and a failing source is noticed early. */
import { isCollectionDue, type SourceState } from '../domain/collecting.js';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Clock } from '../domain/ports/host.js';
import type { SharedState } from '../domain/ports/storage.js';
import type { CollectOptions } from '../issue/collect.js';
import type { Issues } from '../issue/index.js';
import { sourceStateKey } from '../issue/read-sources.js';
import { noteOnSource, noteOnSuspicion } from './notes.js';
import type { Notifications } from './notify.js';

export interface PollingDeps {
  readonly newsletters: ReadonlyMap<string, Pick<Newsletter, 'sources'>>;
  readonly issues: Pick<Issues, 'collectSource'>;
  readonly notifications: Pick<Notifications, 'notifyOnce'>;
  readonly shared: SharedState;
  readonly clock: Pick<Clock, 'now'>;
}

/** A single failure is often temporary: the editor is told of the third in a row. */
export const TOLD_AT = 3;

export function openPolling({ newsletters, issues, notifications, shared, clock }: PollingDeps) {
  /** Reads every source that is due. Among several processes one reads it; a source that fails is logged and read again later. */
  async function pollSources(options: CollectOptions = {}): Promise<void> {
    for (const name of sourcesInUse({ newsletters })) {
      if (options.signal?.aborted) return;
      if (!(await takeTurn(name))) continue;
      try {
        const { suspicions } = await issues.collectSource(name, options);
        for (const suspicion of suspicions) await notifications.notifyOnce(noteOnSuspicion(suspicion));
      } catch (error) {
        if (!(error instanceof GazetteError) || !error.code.startsWith('source.')) throw error;
        await notifyOfFailure(name);
      }
    }
  }

  async function notifyOfFailure(name: string): Promise<void> {
    const state = await readSourceState(shared, name);
    if (!state || state.failures < TOLD_AT) return;
    const since = state.collectedAt === undefined ? undefined : new Date(state.collectedAt);
    await notifications.notifyOnce(noteOnSource(name, since, state.reason ?? ''));
  }

  async function takeTurn(name: string): Promise<boolean> {
    const now = clock.now();
    if (!isCollectionDue(name, await readSourceState(shared, name), now)) return false;
    return shared.change(sourceStateKey(name), (value) => {
      const before = value as SourceState | undefined;
      if (!isCollectionDue(name, before, now)) return { after: before, result: false };
      return { after: { failures: 0, ...before, triedAt: now.getTime() }, result: true };
    });
  }

  return { pollSources };
}

/** The sources that some newsletter reads. */
export function sourcesInUse({ newsletters }: Pick<PollingDeps, 'newsletters'>): readonly string[] {
  return [...new Set([...newsletters.values()].flatMap(({ sources }) => sources.map(({ name }) => name)))];
}

/** How the readings of a source went; `undefined` before the first. */
export async function readSourceState(
  shared: Pick<SharedState, 'read'>,
  name: string,
): Promise<SourceState | undefined> {
  return (await shared.read(sourceStateKey(name))) as SourceState | undefined;
}
