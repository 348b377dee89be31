/** The issue module: collects posts, decides the next issue, and plans, previews, checks, rehearses or freezes it. */
import type { Newsletter } from '../domain/newsletter.js';
import type {
  Arrangements,
  Checks,
  MessagesIn,
  Places,
  ReadMailed,
  Renderer,
  ReplacePictures,
  Source,
} from '../domain/ports/content.js';
import type { AskLink, Calendar, Clock, Files, Log, Processes } from '../domain/ports/host.js';
import type { MailBuilder } from '../domain/ports/mail.js';
import type { Store } from '../domain/ports/storage.js';
import type { PostHead } from '../domain/post.js';
import { acceptWithdrawals } from './accept-withdrawals.js';
import { openApprovalRecords } from './approval-record.js';
import { cancelIssue } from './cancel.js';
import { type CheckRequest, openDraftChecks, openIssueChecks } from './check.js';
import { openComposedChecks } from './check-composed.js';
import type { ComposedDraft } from './check-selection.js';
import { checkWeb } from './check-web.js';
import {
  type CollectOptions,
  collectPosts,
  collectSource,
  readPosts,
  rememberPosts,
  reportUnchanged,
} from './collect.js';
import type { Draft } from './draft.js';
import { openDrafts } from './draft.js';
import { type EditionsDeps, openEditions } from './editions.js';
import { openFreezing } from './freeze.js';
import { openFreezeNext } from './freeze-next.js';
import { openRenamed } from './left-behind.js';
import { withLocalPictures } from './local-pictures.js';
import { openLook } from './look.js';
import { type MarkMailedRequest, markMailed } from './mark-mailed.js';
import { openNextIssues } from './next-issue.js';
import { openPlans, type PlanRequest } from './plan.js';
import { openPreviews, type Preview, type PreviewRequest } from './preview.js';
import { readAhead } from './read-ahead.js';
import { type Readings, sourceNamed } from './read-sources.js';
import { type RehearseRequest, rehearse } from './rehearse.js';
import { openSchedules } from './schedules.js';
import { writePreview } from './write-preview.js';

/** What the parts of this module need, together; each part is opened with the few it uses. */
export interface IssuePorts {
  readonly store: Store;
  openEmptyStore(): Promise<Store>;
  readonly readMailed: ReadMailed;
  readonly newsletters: ReadonlyMap<string, Newsletter>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly arrangements: Arrangements;
  readonly markdown: EditionsDeps['markdown'];
  readonly renderer: Renderer;
  readonly replacePictures: ReplacePictures;
  readonly messagesIn: MessagesIn;
  readonly checks: Checks;
  readonly places: Places;
  readonly askLink: AskLink;
  readonly mailBuilder: MailBuilder;
  readonly deadMailBuilder: MailBuilder;
  readonly calendar: Calendar;
  readonly clock: Clock;
  readonly processes: Processes;
  readonly files: Pick<Files, 'writePrivate'>;
  /** Where this workspace keeps what it makes. */
  readonly stateFolder: string;
  readonly log: Log;
  newId(): string;
}

export type Issues = ReturnType<typeof openIssues>;
export type IssuesOverStore = ReturnType<typeof openOverStore>;

export function openIssues(ports: IssuePorts) {
  const { store, openEmptyStore, clock, calendar, newId } = ports;
  const over = openOverStore(ports, store);
  const openScratch = async () => openOverStore(ports, await store.draftScratch());
  const openEmpty = async () => openOverStore(ports, { ...(await openEmptyStore()), looks: store.looks });
  const look = openLook({
    original: over,
    openScratch,
    read: (newsletter, now, options) => readPosts(over.collecting, newsletter, now, options),
    reportUnchanged: (newsletter, readings) => reportUnchanged(over.collecting, newsletter, readings),
  });
  const renamed = openRenamed({ ...ports, ledger: store.ledger });
  const plans = openPlans({ ...ports, look, editions: over.editions, renamed });
  const previews = openPreviews({ ...ports, look, editions: over.editions });
  const checkComposed = openComposedChecks(ports);
  const checkDraft = openDraftChecks({
    ...ports,
    editions: over.editions,
    renamed,
    checkComposed,
    checkWeb: (draft, editions, signal) => checkWeb(ports, draft, editions, signal),
  });
  const check = openIssueChecks({ look, checkDraft });
  const { freeze, freezeDraft } = openFreezing({ ...ports, editions: over.editions });
  const freezeNext = openFreezeNext({ ...over, plans, checkDraft, freeze, clock });
  return {
    ...over,
    collect: async (newsletter: Newsletter, options: CollectOptions = {}, now = clock.now()) => {
      const report = await collectPosts(over.collecting, newsletter, now, options);
      await readAhead(over.drafts, [newsletter], now);
      return report;
    },
    collectSource: async (name: string, options: CollectOptions = {}, now = clock.now()) => {
      const report = await collectSource(over.collecting, sourceNamed(over.collecting, name), now, options);
      const readers = [...ports.newsletters.values()].filter(({ sources }) =>
        sources.some((each) => each.name === name),
      );
      await readAhead(over.drafts, readers, now);
      return report;
    },
    /** The same over another store: a scratch copy that the studio keeps. */
    over: (other: Store, renderer: Renderer = ports.renderer) => openOverStore({ ...ports, renderer }, other),
    /** Marks what was mailed before Gazette. */
    markMailed: async (request: MarkMailedRequest) => {
      const now = clock.now();
      if (!request.dryRun) return markMailed(ports, request, now);
      const scratch = await store.scratch();
      return markMailed({ ...ports, store: scratch }, request, now).finally(() => scratch.close());
    },
    plan: (request: PlanRequest) => plans.plan(request, clock.now()),
    preview: (request: PreviewRequest) => previews.preview(request, clock.now()),
    fillPreview: previews.fill,
    writePreview: (preview: Preview, folder?: string) => writePreview(ports, preview, folder),
    withLocalPictures: (html: string, posts: readonly PostHead[]) => withLocalPictures(ports, html, posts),
    check: (request: CheckRequest) => check(request, clock.now()),
    checkComposed: (issue: ComposedDraft) => checkComposed(issue, clock.now()),
    freezeNext,
    freezeDraft: (draft: Draft, now = clock.now()) => freezeDraft(draft, now),
    cancel: (newsletter: Newsletter, number: number) =>
      cancelIssue({ ...ports, ledger: store.ledger }, newsletter, number, clock.now()),
    rehearse: (request: RehearseRequest) => rehearse({ openEmpty, calendar, newId }, request),
  };
}

/** The parts that read or write a store, over one store. */
function openOverStore(ports: IssuePorts, store: Store) {
  const { clock } = ports;
  const collecting = { ...ports, store };
  const schedules = openSchedules({ store, calendar: ports.calendar });
  const drafts = openDrafts({ ...ports, store, schedules });
  const editions = openEditions(ports);
  const approvals = openApprovalRecords({ store, renderer: ports.renderer });
  const nextIssues = openNextIssues({ ledger: store.ledger, schedules, drafts, approvals });
  return {
    store,
    schedules,
    drafts,
    editions,
    approvals,
    nextIssues,
    /** Reads every source of a newsletter. Throws `source.failed` unless the newsletter sends without a failing source. */
    collect: (newsletter: Newsletter, options: CollectOptions = {}, now = clock.now()) =>
      collectPosts(collecting, newsletter, now, options),
    remember: (newsletter: Newsletter, readings: Readings, options: CollectOptions) =>
      rememberPosts(collecting, newsletter, readings, options),
    /** Reads one source. Throws `source.failed`. */
    collectSource: (name: string, options: CollectOptions = {}, now = clock.now()) =>
      collectSource(collecting, sourceNamed(collecting, name), now, options),
    /** Withdraws the posts that are missing from a suspicious listing: those a person was shown, or all. Throws `source.failed`. */
    acceptWithdrawals: (name: string, missing?: readonly string[]) =>
      acceptWithdrawals(collecting, name, clock.now(), missing),
    collecting,
  };
}
