/** The stories of the editor's door: what its pages show, and what an editor may do there. One object, the only one it holds. */
import type { Desk } from './open-desk.js';
import { openQuestions } from './questions.js';
import { openStudioActs } from './studio-acts.js';
import { openStudioRoom, type StudioTools } from './studio-room.js';
import { openStudioViews } from './studio-views.js';

export type StudioFlows = ReturnType<typeof openStudioFlows>;

export function openStudioFlows(tools: StudioTools) {
  const room = openStudioRoom(tools);
  const { desk, pages, signal, listeners, tell, runs } = room;

  /** Changes with every step of what is being sent. */
  async function progress(): Promise<string> {
    const { ledger } = desk.house().store;
    const open = await ledger.unfinishedIssues();
    const counts = await Promise.all(open.map(({ id }) => ledger.counts(id)));
    return JSON.stringify([open.map(({ state }) => state), counts]);
  }

  return {
    signal,
    log: desk.house().log,
    newsletterIds: (): readonly string[] => [...desk.house().newsletters.keys()],
    version: room.version,
    onChange: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    print: (page: string, view: object): Promise<string> => pages.print(page, view, zoneOf(view)),
    ...onDesk(desk, { ...openStudioViews(room), ...openQuestions(room), ...openStudioActs(room) }),

    /** Tells open pages how an issue goes, until the studio ends; then what is on the wire is settled. */
    async tend(): Promise<void> {
      const { clock, log } = desk.house();
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
function onDesk<Stories extends object>(desk: Desk, stories: Stories): Stories {
  const kept = Object.entries(stories).map(([name, story]) => [
    name,
    (...given: readonly unknown[]) => desk.during(async () => story(...given)),
  ]);
  return Object.fromEntries(kept);
}

const TELL_EVERY_MS = 1_000;

function zoneOf(view: object): string {
  return 'timezone' in view && typeof view.timezone === 'string' ? view.timezone : 'UTC';
}
