/** What every page and every act of the studio stands on: the desk, the runs behind it, and who sits at it. */

import { newsletterNamed } from '../app-context.js';
import { GazetteError } from '../domain/errors.js';
import type { Issue } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { StudioPages } from '../domain/ports/content.js';
import type { StudioInbox } from '../domain/studio-inbox.js';
import type { SendReport } from '../sending/run.js';
import type { LiveDraft } from './live-draft.js';
import { openPresses } from './presses.js';
import { openRuns, openSpeeds } from './runs.js';
import type { WebAnswers } from './show-checks.js';

export interface StudioTools {
  readonly live: LiveDraft;
  readonly pages: StudioPages;
  /** Who approves here. */
  readonly editor: string;
  /** The studio's own mailbox, where mails go when there is no mail server. */
  readonly inbox?: StudioInbox;
  readonly signal: AbortSignal;
}

export type Tab = 'issue' | 'mail' | 'checks' | 'send' | 'history' | 'inbox' | 'posts';

export type StudioContext = ReturnType<typeof openStudioContext>;

export function openStudioContext(tools: StudioTools) {
  const { live, editor, inbox } = tools;
  const listeners = new Set<() => void>();
  let more = 0;
  const tell = () => {
    more += 1;
    for (const listener of listeners) listener();
  };
  live.onChange(tell);
  inbox?.onMail(tell);
  const runs = openRuns(tell);
  const presses = openPresses();
  /** Issues of which this studio has sent mails to its own inbox. */
  const sentToInbox = new Set<number>();

  async function frame(newsletter: string | undefined, tab: Tab): Promise<object> {
    const deps = live.deps();
    const current = deps.newsletters.get(newsletter ?? '') ?? [...deps.newsletters.values()][0];
    const problem = live.problem();
    return {
      tab,
      newsletters: [...deps.newsletters.values()].map(({ id, title }) => ({
        id,
        title,
        path: pathOf(id),
        isCurrent: id === current?.id,
      })),
      current: current ? { id: current.id, title: current.title, path: pathOf(current.id) } : null,
      editor,
      hasInbox: inbox !== undefined,
      inboxCount: inbox?.mails().length ?? 0,
      isWithoutLedger: live.isWithoutLedger(),
      problem: problem
        ? {
            message: problem.message,
            hint: problem.hint,
            where:
              problem.problems.length > 0
                ? problem.problems
                : problem.where
                  ? [{ where: problem.where, message: '' }]
                  : [],
          }
        : null,
      seen: live.version() + more,
      turn: presses.turn(),
    };
  }

  async function openIssue(newsletter: string): Promise<Issue | undefined> {
    const all = await live.deps().store.ledger.unfinishedIssues();
    return all.filter((issue) => issue.newsletter === newsletter).at(-1);
  }

  async function issueNumbered({ id }: Newsletter, number: number): Promise<Issue> {
    const issue = await live.deps().store.ledger.issue(id, number);
    if (issue) return issue;
    throw new GazetteError('issue.missing', `“${id}” has no issue ${number}.`);
  }

  function refuseWithoutLedger(): void {
    if (!live.isWithoutLedger()) return;
    throw new GazetteError('issue.state', 'There is no ledger here: nothing can be approved or sent.', {
      hint: 'Open the studio where the ledger is, or with its DATABASE_URL.',
    });
  }

  /** Sending goes on behind the page; what it had to say at its end stands on the page of sending. */
  function startRun(newsletter: string, send: (ended: AbortSignal) => Promise<SendReport | string>): void {
    const { isInbox } = leadsTo();
    runs.start(newsletter, async (ended) => {
      const report = await send(ended);
      if (typeof report === 'string') return report;
      if (isInbox) sentToInbox.add(report.issue.id);
      const { stopped } = report;
      return stopped?.kind === 'fault' ? `Sending has stopped: ${stopped.text}` : undefined;
    });
    tell();
  }

  function inboxOf(): StudioInbox {
    if (inbox) return inbox;
    throw new GazetteError('usage', 'There is no inbox here: mails go by SMTP_URL.');
  }

  function leadsTo(): { readonly text: string; readonly isInbox: boolean } {
    try {
      const { description } = live.deps().transport();
      return inbox && description.startsWith(inbox.url)
        ? { text: 'the inbox of this studio: nobody outside gets anything', isInbox: true }
        : { text: description, isInbox: false };
    } catch {
      return { text: 'no mail server: SMTP_URL is not set', isInbox: false };
    }
  }

  /** Why an issue may not go on from here: the inbox would take for itself what readers wait for. */
  function keptBack({ id, newsletter }: Issue): string | undefined {
    if (!leadsTo().isInbox || sentToInbox.has(id) || runs.isRunning(newsletter)) return undefined;
    return 'It was not sent from here, and mails end in the inbox of this studio: its readers would not get it.';
  }

  return {
    ...tools,
    listeners,
    tell,
    version: () => live.version() + more,
    runs,
    once: presses.once,
    speedOf: openSpeeds(),
    /** What an act had to say, by newsletter. */
    said: new Map<string, string>(),
    /** What the outside answered when it was last asked, by newsletter. */
    webAnswers: new Map<string, WebAnswers>(),
    named: (newsletter: string): Newsletter => newsletterNamed(live.deps(), newsletter),
    frame,
    openIssue,
    issueNumbered,
    refuseWithoutLedger,
    startRun,
    inboxOf,
    leadsTo,
    keptBack,
  };
}

export function pathOf(newsletter: string): string {
  return `/n/${encodeURIComponent(newsletter)}`;
}

export function issuesPath(newsletter: string, number: number): string {
  return `${pathOf(newsletter)}/issues/${number}`;
}
