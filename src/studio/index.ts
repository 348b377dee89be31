/** The stories of the editor's door: what its pages show, and what an editor may do there. One object, the only one it holds. */

import { openStudioActs } from './actions.js';
import { openStudioContext, type StudioTools } from './context.js';
import type { LiveDraft } from './live-draft.js';
import { openQuestions } from './questions.js';
import { openStudioViews } from './views.js';

export type Studio = ReturnType<typeof openStudio>;

export function openStudio(tools: StudioTools) {
  const room = openStudioContext(tools);
  const { live, pages, signal, listeners, tell, runs } = room;

  /** Changes with every step of what is being sent. */
  async function progress(): Promise<string> {
    const { ledger } = live.deps().store;
    const open = await ledger.unfinishedIssues();
    const counts = await Promise.all(open.map(({ id }) => ledger.counts(id)));
    return JSON.stringify([open.map(({ state }) => state), counts]);
  }

  return {
    signal,
    log: live.deps().log,
    newsletterIds: (): readonly string[] => [...live.deps().newsletters.keys()],
    version: room.version,
    onChange: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    print: (page: string, view: object): Promise<string> => pages.print(page, view, zoneOf(view)),
    ...onDesk(live, { ...openStudioViews(room), ...openQuestions(room), ...openStudioActs(room) }),

    /** Tells open pages how an issue goes, until the studio ends; then what is on the wire is settled. */
    async tend(): Promise<void> {
      const { clock, log } = live.deps();
      let before = '';
      let failed: string | undefined;
      try {
        while (!signal.aborted) {
          try {
            const now = listeners.size > 0 ? await progress() : before;
            if (now !== before) tell();
            before = now;
            failed = undefined;
          } catch (error) {
            // A database that is away for a moment ends no studio: it is asked again, and told of once.
            if (String(error) !== failed) log.error('studio.look-failed', { error });
            failed = String(error);
          }
          await clock.sleep(TELL_EVERY_MS, signal);
        }
      } finally {
        // Whoever waits for a change hears that there will be none.
        tell();
        await runs.settle();
      }
    },
  };
}

/** The same stories, each of which keeps what it finds on the desk until it has ended. */
function onDesk<Stories extends object>(live: LiveDraft, stories: Stories): Stories {
  const kept = Object.entries(stories).map(([name, story]) => [
    name,
    (...given: readonly unknown[]) => live.during(async () => story(...given)),
  ]);
  return Object.fromEntries(kept);
}

const TELL_EVERY_MS = 1_000;

function zoneOf(view: object): string {
  return 'timezone' in view && typeof view.timezone === 'string' ? view.timezone : 'UTC';
}
