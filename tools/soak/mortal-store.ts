/** A store whose process dies: from one call on, before or after it was carried out, nothing answers any more. */
import type { Store } from '../../src/domain/ports/storage.js';

export class Killed extends Error {}

export interface Life {
  /** Calls until death; `undefined`: it lives on. */
  callsLeft: number | undefined;
  /** Whether the last call is still carried out. */
  diesAfter: boolean;
  isDead: boolean;
}

/** The same store for as long as its process lives. */
export function mortalStore(store: Store, life: Life): Store {
  const room = <Room extends object>(inner: Room): Room =>
    new Proxy(inner, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => call(life, () => (value as (...all: unknown[]) => unknown).apply(target, args));
      },
    });
  return {
    ...store,
    posts: room(store.posts),
    ledger: room(store.ledger),
    audience: room(store.audience),
    shared: room(store.shared),
    copiedAt: () => call(life, () => store.copiedAt()) as ReturnType<Store['copiedAt']>,
  };
}

async function call(life: Life, work: () => unknown): Promise<unknown> {
  if (life.isDead) throw new Killed('dead');
  if (life.callsLeft === undefined) return work();
  life.callsLeft -= 1;
  if (life.callsLeft > 0) return work();
  life.isDead = true;
  if (life.diesAfter) await work();
  throw new Killed('killed');
}
