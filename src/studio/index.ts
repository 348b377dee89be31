/** The studio module: the pages of an editor and what an editor can do there. */
import { openApprovalActions } from './actions/approval.js';
import { openArrangementActions } from './actions/arrangement.js';
import { openInboxActions } from './actions/inbox.js';
import { openLinkActions } from './actions/links.js';
import { openSendingActions } from './actions/sending.js';
import { openSourceActions } from './actions/sources.js';
import { type LayoutView, layoutView } from './layout.js';
import type { LiveDraft } from './live-draft.js';
import { errorMessage, type MessageView, MISSING_PAGE } from './message.js';
import type { PageRequest, StudioDownload, StudioFrame, StudioPage } from './page.js';
import { ROUTES } from './pages/index.js';
import { openParts, type StudioDeps } from './parts.js';
import { newsletterPath } from './paths.js';

export type Studio = ReturnType<typeof openStudio>;

/** Parameters of a path, by name. */
export type PathParams = Readonly<Record<string, string>>;

export function openStudio(deps: StudioDeps) {
  const { live, pages, signal } = deps;
  const parts = openParts(deps);
  const { changes, runs } = parts;

  /** What a page shows, with the layout around it. */
  function view<View extends object>(
    page: StudioPage<View>,
    params: PathParams,
    query = new URLSearchParams(),
  ): Promise<LayoutView & View> {
    return live.during(async () => {
      const request = requestOf(params, query, live.app().clock.now());
      const content = await page.view(parts, request);
      const layout = await layoutView(parts, { tab: page.tab, newsletter: params.newsletter ?? '', now: request.now });
      return { ...layout, ...content };
    });
  }

  async function print(page: StudioPage, params: PathParams, query: URLSearchParams): Promise<string> {
    const shown = await view(page, params, query);
    return pages.print(page.template, shown, shown.timezone);
  }

  const printMessage = (message: MessageView) => pages.print('message', message, 'UTC');

  return {
    signal,
    log: live.app().log,
    routes: ROUTES,
    /** Where an editor starts: the next issue of the first newsletter. */
    startPath: () => newsletterPath([...live.app().newsletters.keys()][0] ?? ''),
    version: changes.version,
    onChange: changes.onChange,
    view,
    print,
    /** @param isPage it is shown in place of a page, and is replaced by that page once the error is fixed */
    printError: (error: Parameters<typeof errorMessage>[0], back: string, isPage: boolean) =>
      printMessage(errorMessage(error, back, isPage ? changes.version() : null)),
    printMissing: () => printMessage(MISSING_PAGE),
    frame: (frame: StudioFrame, params: PathParams, query: URLSearchParams) =>
      live.during(() => frame.html(parts, requestOf(params, query, live.app().clock.now()))),
    download: (download: StudioDownload, params: PathParams, query: URLSearchParams) =>
      live.during(() => download.file(parts, requestOf(params, query, live.app().clock.now()))),

    arrangement: duringEach(live, openArrangementActions(parts)),
    approval: duringEach(live, openApprovalActions(parts)),
    sending: duringEach(live, openSendingActions(parts)),
    sources: duringEach(live, openSourceActions(parts)),
    links: duringEach(live, openLinkActions(parts, signal)),
    inbox: duringEach(live, openInboxActions(parts)),

    /** Notifies open pages of progress in sending until the studio is closed, then settles what is being transmitted. */
    async followSending(): Promise<void> {
      const { clock, log } = live.app();
      let before = '';
      let failure: string | undefined;
      try {
        while (!signal.aborted) {
          try {
            const now = changes.hasListeners() ? await progressOf(live) : before;
            if (now !== before) changes.notify();
            before = now;
            failure = undefined;
          } catch (error) {
            // A database that is away for a moment does not end the studio, and is logged once.
            if (String(error) !== failure) log.error('studio.look-failed', { error });
            failure = String(error);
          }
          await clock.sleep(FOLLOW_EVERY_MS, signal);
        }
      } finally {
        // Pages that wait for a change learn that there will be none.
        changes.notify();
        await runs.settle();
      }
    },
  };
}

const FOLLOW_EVERY_MS = 1_000;

function requestOf(params: PathParams, query: URLSearchParams, now: Date): PageRequest {
  return { param: (name) => params[name] ?? '', query, now };
}

/** The same actions, each of which keeps the scratch copy open until it has ended. */
function duringEach<Actions extends object>(live: LiveDraft, actions: Actions): Actions {
  const kept = Object.entries(actions).map(([name, action]) => [
    name,
    (...given: readonly unknown[]) => live.during(async () => action(...given)),
  ]);
  return Object.fromEntries(kept);
}

/** Changes with every step of what is being sent. */
async function progressOf(live: LiveDraft): Promise<string> {
  const { ledger } = live.app().store;
  const open = await ledger.unfinishedIssues();
  const counts = await Promise.all(open.map(({ id }) => ledger.counts(id)));
  return JSON.stringify([open.map(({ state }) => state), counts]);
}
