/** The stories of the editor's door: what its pages show, and what an editor may do there. One object, the only one it holds. */
import { openStudioActs } from './studio-acts.js';
import { openStudioRoom, type StudioTools } from './studio-room.js';
import { openStudioViews } from './studio-views.js';

export type StudioFlows = ReturnType<typeof openStudioFlows>;

export function openStudioFlows(tools: StudioTools) {
  const room = openStudioRoom(tools);
  const { desk, pages, signal, listeners, tell, runs } = room;
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
    ...openStudioViews(room),
    ...openStudioActs(room),

    /** Tells open pages how an issue goes, until the studio ends; then what is on the wire is settled. */
    async tend(): Promise<void> {
      const { clock, store } = desk.house();
      let before = '';
      while (!signal.aborted) {
        if (listeners.size > 0) {
          const open = await store.ledger.unfinishedIssues();
          const counts = await Promise.all(open.map(({ id }) => store.ledger.counts(id)));
          const now = JSON.stringify([open.map(({ state }) => state), counts]);
          if (now !== before) tell();
          before = now;
        }
        await clock.sleep(TELL_EVERY_MS, signal);
      }
      // Whoever waits for a change hears that there will be none.
      tell();
      await runs.settle();
    },
  };
}

const TELL_EVERY_MS = 1_000;

function zoneOf(view: object): string {
  return 'timezone' in view && typeof view.timezone === 'string' ? view.timezone : 'UTC';
}
