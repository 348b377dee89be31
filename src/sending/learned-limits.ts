/** Keeps what was learned of each mail server, for later runs and for people (rule: server-limits). */
import type { Clock } from '../domain/ports/host.js';
import type { SharedState } from '../domain/ports/storage.js';
import type { ServerLimits } from '../domain/server-limits.js';

/** What was learned so long ago is forgotten. */
const KEPT_MS = 60 * 86_400_000;
const KEY = 'server limits';

/** As it is stored. */
type Kept = readonly (ServerLimits & { readonly at: number })[];

export type LearnedLimits = ReturnType<typeof openLearnedLimits>;

export function openLearnedLimits({ shared, clock }: { shared: SharedState; clock: Pick<Clock, 'now'> }) {
  const recent = (value: unknown): Kept =>
    ((value ?? []) as Kept).filter(({ at }) => at > clock.now().getTime() - KEPT_MS);

  /** What is known of every server used lately. */
  async function all(): Promise<readonly ServerLimits[]> {
    return recent(await shared.read(KEY)).map(({ at: _, ...limits }) => limits);
  }

  /** What is known of one server. */
  async function of(server: string): Promise<ServerLimits | undefined> {
    return (await all()).find((limits) => limits.server === server);
  }

  /** Replaces what is known of a server. */
  async function keep(limits: ServerLimits): Promise<void> {
    const { server, ...learned } = limits;
    const before = await of(server);
    if (JSON.stringify(before ?? { server }) === JSON.stringify(limits)) return;
    await shared.change(KEY, (value) => {
      const others = recent(value).filter((each) => each.server !== server);
      const own = Object.keys(learned).length === 0 ? [] : [{ ...limits, at: clock.now().getTime() }];
      const after = [...others, ...own];
      return { after: after.length === 0 ? undefined : after, result: undefined };
    });
  }

  return { all, of, keep };
}
