/** Reads sources between issues, so that a post's news is known when it is young and a failing source is noticed early. */

import type { AppContext } from '../app-context.js';
import { isCollectionDue, type SourceState } from '../domain/collecting.js';
import { GazetteError } from '../domain/errors.js';
import { type CollectOptions, collectSource, sourceNamed, sourceStateKey } from '../issue/collect.js';
import { noteOnSource, notifyOnce, tellOfSuspicions } from './notify.js';

/** Reads every source whose turn it is. Of several processes one does; a source that fails is logged, and comes later. */
export async function pollSources(deps: AppContext, options: CollectOptions = {}): Promise<void> {
  for (const name of sourcesInUse(deps)) {
    if (options.signal?.aborted) return;
    if (!(await takeTurn(deps, name))) continue;
    try {
      const { suspicions } = await collectSource(deps, sourceNamed(deps, name), options);
      await tellOfSuspicions(deps, suspicions);
    } catch (error) {
      if (!(error instanceof GazetteError) || !error.code.startsWith('source.')) throw error;
      await tellOfFailure(deps, name);
    }
  }
}

/** One failure is often nothing; the third in a row is told. */
const TOLD_AT = 3;

async function tellOfFailure(deps: AppContext, name: string): Promise<void> {
  const state = await sourceState(deps, name);
  if (!state || state.failures < TOLD_AT) return;
  const since = state.collectedAt === undefined ? undefined : new Date(state.collectedAt);
  await notifyOnce(deps, noteOnSource(name, since, state.reason ?? ''));
}

/** The sources that some newsletter reads. */
export function sourcesInUse(deps: AppContext): readonly string[] {
  return [...new Set([...deps.newsletters.values()].flatMap(({ sources }) => sources.map(({ name }) => name)))];
}

export async function sourceState(deps: AppContext, name: string): Promise<SourceState | undefined> {
  return (await deps.store.shared.read(sourceStateKey(name))) as SourceState | undefined;
}

async function takeTurn(deps: AppContext, name: string): Promise<boolean> {
  const now = deps.clock.now();
  if (!isCollectionDue(name, await sourceState(deps, name), now)) return false;
  return deps.store.shared.change(sourceStateKey(name), (value) => {
    const before = value as SourceState | undefined;
    if (!isCollectionDue(name, before, now)) return { after: before, result: false };
    return { after: { failures: 0, ...before, triedAt: now.getTime() }, result: true };
  });
}
