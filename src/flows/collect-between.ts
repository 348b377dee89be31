/** Reads sources between issues, so that a post's news is known when it is young and a failing source is noticed early. */
import { isCollectionDue, type SourceState } from '../domain/collecting.js';
import { GazetteError } from '../domain/errors.js';
import { type CollectOptions, collectSource, sourceNamed, sourceStateKey } from './collect-posts.js';
import type { House } from './house.js';
import { noteOnSource, tellOfSuspicions, tellOnce } from './tell-editor.js';

/** Reads every source whose turn it is. Of several processes one does; a source that fails is logged, and comes later. */
export async function collectBetween(house: House, options: CollectOptions = {}): Promise<void> {
  for (const name of sourcesInUse(house)) {
    if (options.signal?.aborted) return;
    if (!(await takeTurn(house, name))) continue;
    try {
      const { suspicions } = await collectSource(house, house.store, sourceNamed(house, name), options);
      await tellOfSuspicions(house, suspicions);
    } catch (error) {
      if (!(error instanceof GazetteError) || !error.code.startsWith('source.')) throw error;
      await tellOfFailure(house, name);
    }
  }
}

/** One failure is often nothing; the third in a row is told. */
const TOLD_AT = 3;

async function tellOfFailure(house: House, name: string): Promise<void> {
  const state = await sourceState(house, name);
  if (!state || state.failures < TOLD_AT) return;
  const since = state.collectedAt === undefined ? undefined : new Date(state.collectedAt);
  await tellOnce(house, noteOnSource(name, since, state.reason ?? ''));
}

/** The sources that some newsletter reads. */
export function sourcesInUse(house: House): readonly string[] {
  return [...new Set([...house.newsletters.values()].flatMap(({ sources }) => sources.map(({ name }) => name)))];
}

export async function sourceState(house: House, name: string): Promise<SourceState | undefined> {
  return (await house.store.shared.read(sourceStateKey(name))) as SourceState | undefined;
}

async function takeTurn(house: House, name: string): Promise<boolean> {
  const now = house.clock.now();
  if (!isCollectionDue(name, await sourceState(house, name), now)) return false;
  return house.store.shared.change(sourceStateKey(name), (value) => {
    const before = value as SourceState | undefined;
    if (!isCollectionDue(name, before, now)) return { after: before, result: false };
    return { after: { failures: 0, ...before, triedAt: now.getTime() }, result: true };
  });
}
