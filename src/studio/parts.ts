/** What an open studio consists of. Each page and action names the few parts it uses. */
import { GazetteError } from '../domain/errors.js';
import type { Finding } from '../domain/finding.js';
import type { StudioPages } from '../domain/ports/content.js';
import type { StudioInbox } from '../domain/studio-inbox.js';
import { type Changes, openChanges } from './changes.js';
import type { LiveDraft } from './live-draft.js';
import { openRuns, type Runs } from './runs.js';
import { openSendRates, type SendRates } from './send-rate.js';
import { openSubmissions, type Submissions } from './submissions.js';

export interface StudioDeps {
  readonly live: LiveDraft;
  readonly pages: StudioPages;
  /** The name under which this editor approves. */
  readonly editor: string;
  /** Where mails go if there is no mail server. */
  readonly inbox?: StudioInbox;
  /** Its readers are samples: an issue may be sent to them into the inbox. */
  readonly isSample?: boolean;
  /** Closes the studio. */
  readonly signal: AbortSignal;
}

export interface StudioParts {
  readonly live: LiveDraft;
  readonly editor: string;
  readonly inbox: InboxPart;
  readonly changes: Changes;
  readonly runs: Runs;
  readonly submissions: Submissions;
  readonly sendRates: SendRates;
  /** What became of the last test mail, by newsletter. */
  readonly testResults: Map<string, string>;
  /** What the links of the issue answered, by newsletter. */
  readonly linkChecks: Map<string, LinkCheck>;
  /** A mail as it may be shown in a frame: its links are dead and marked. */
  readonly framed: StudioPages['frame'];
}

export interface LinkCheck {
  readonly at: Date;
  readonly findings: readonly Finding[];
}

export interface InboxPart {
  readonly isOpen: boolean;
  readonly count: () => number;
  /** Throws `usage` where mails go to a mail server. */
  readonly required: () => StudioInbox;
}

export function openParts({ live, editor, inbox, isSample, pages }: StudioDeps): StudioParts {
  const changes = openChanges(live, inbox);
  return {
    live,
    editor,
    inbox: {
      isOpen: inbox !== undefined,
      count: () => inbox?.mails().length ?? 0,
      required() {
        if (inbox) return inbox;
        throw new GazetteError('usage', 'This studio has no inbox: mails go to the server in SMTP_URL.');
      },
    },
    changes,
    runs: openRuns({ live, inbox, isSample: isSample ?? false, changes }),
    submissions: openSubmissions(),
    sendRates: openSendRates(),
    testResults: new Map(),
    linkChecks: new Map(),
    framed: pages.frame,
  };
}

/** Throws `issue.state` where nothing can be approved or sent. */
export function requireLedger(live: Pick<LiveDraft, 'isWithoutLedger'>): void {
  if (!live.isWithoutLedger()) return;
  throw new GazetteError('issue.state', 'This workspace has no ledger: nothing can be approved or sent from here.', {
    hint: 'Open the studio where the ledger is, or set its DATABASE_URL.',
  });
}
