/** Sending started from the studio: it continues when its page is closed, and stops in order when the studio does. */
import { GazetteError } from '../domain/errors.js';
import type { Issue } from '../domain/issue.js';
import type { StudioInbox } from '../domain/studio-inbox.js';
import type { SendReport } from '../sending/run.js';
import type { Changes } from './changes.js';
import type { LiveDraft } from './live-draft.js';

export interface RunsDeps {
  readonly live: Pick<LiveDraft, 'app'>;
  readonly inbox: StudioInbox | undefined;
  /** Its readers are samples. */
  readonly isSample: boolean;
  readonly changes: Pick<Changes, 'notify'>;
}

/** Where mails go. */
export interface Destination {
  readonly text: string;
  readonly isInbox: boolean;
  /** Behind the words on a button: `Send a test to …`. */
  readonly way: string;
  /** Why no issue can be sent there; test mails can. */
  readonly refusal: string | null;
}

export type Runs = ReturnType<typeof openRuns>;

const NO_SERVER = 'SMTP_URL is not set, so an issue cannot be sent to readers from here.';

export function openRuns({ live, inbox, isSample, changes }: RunsDeps) {
  const stop = new AbortController();
  const running = new Map<string, Promise<void>>();
  const messages = new Map<string, string>();
  /** Ids of issues that this studio has sent to its own inbox. */
  const sentToInbox = new Set<number>();

  function destination(): Destination {
    try {
      const text = live.app().transport().description;
      return inbox && text.startsWith(inbox.url)
        ? {
            text: 'the inbox of this studio; no reader receives anything',
            isInbox: true,
            way: 'into the inbox of this studio',
            refusal: isSample ? null : NO_SERVER,
          }
        : { text, isInbox: false, way: `through ${text}`, refusal: null };
    } catch {
      return { text: 'no mail server, because SMTP_URL is not set', isInbox: false, way: '', refusal: NO_SERVER };
    }
  }

  /** Throws `send.not-ready` where an issue would reach no reader, and would count as sent. */
  function requireServer(): void {
    const { refusal } = destination();
    if (refusal === null) return;
    throw new GazetteError('send.not-ready', refusal, {
      hint: 'Set SMTP_URL, then open the studio again. A test mail arrives in the inbox.',
    });
  }

  /**
   * Sends in the background; the page of sending shows how it ended. Throws `issue.state` for a newsletter that is being sent.
   * @param send returns a text when there was nothing to send
   */
  function start(newsletter: string, send: (signal: AbortSignal) => Promise<SendReport | string>): void {
    if (running.has(newsletter)) {
      throw new GazetteError('issue.state', `“${newsletter}” is already being sent.`, {
        hint: 'Wait until it is done, or pause it.',
      });
    }
    messages.delete(newsletter);
    const { isInbox } = destination();
    const run = send(stop.signal)
      .then((report) => messageOf(report, isInbox))
      .catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
      .then((message) => {
        if (message !== undefined) messages.set(newsletter, message);
      })
      .finally(() => {
        running.delete(newsletter);
        changes.notify();
      });
    running.set(newsletter, run);
    changes.notify();
  }

  function messageOf(report: SendReport | string, isInbox: boolean): string | undefined {
    if (typeof report === 'string') return report;
    if (isInbox) sentToInbox.add(report.issue.id);
    const { stopped } = report;
    return stopped?.kind === 'fault' ? `Sending stopped: ${stopped.text}` : undefined;
  }

  /** Why an issue cannot be continued here: messages to waiting readers would go to the studio's inbox instead. */
  function blockedReason({ id, newsletter }: Issue): string | undefined {
    if (!destination().isInbox || sentToInbox.has(id) || running.has(newsletter)) return undefined;
    return 'It was not sent from this studio, and mails go to this studio’s inbox, so its readers would not receive them.';
  }

  return {
    start,
    destination,
    requireServer,
    blockedReason,
    isRunning: (newsletter: string) => running.has(newsletter),
    /** What the last run reported when it ended; `undefined` while it runs, and after a run without problems. */
    lastMessage: (newsletter: string) => messages.get(newsletter),
    /** Stops all runs and waits until the messages being transmitted are settled. */
    async settle(): Promise<void> {
      stop.abort();
      await Promise.all(running.values());
    },
  };
}
