/** What the program consists of at run time: the ports, and the use cases opened over them. Only root files and tests use it. */
import { type Approval, openApproval } from './approval/index.js';
import type { Html } from './domain/html.js';
import type { Newsletter } from './domain/newsletter.js';
import type {
  Arrangements,
  Checks,
  MessagesIn,
  Places,
  ReadMailed,
  Renderer,
  ReplacePictures,
  Source,
} from './domain/ports/content.js';
import type { AskLink, Calendar, Clock, Files, Log, Processes } from './domain/ports/host.js';
import type { MailBuilder, Notifier, RateLimit, Transport } from './domain/ports/mail.js';
import type { Store } from './domain/ports/storage.js';
import { type Feedback, type FeedbackRules, type HookTools, openFeedback } from './feedback/index.js';
import { type Issues, openIssues } from './issue/index.js';
import { refuseCopy } from './issue/refuse-copy.js';
import { type Operate, openOperate } from './operate/index.js';
import { openNotifications } from './operate/notify.js';
import { openReaders, type Readers } from './readers/index.js';
import type { ErasedKeys } from './readers/personal-data.js';
import type { PublicSite } from './readers/public-site.js';
import { openSending, type Sending } from './sending/index.js';

export { newsletterNamed } from './domain/newsletter.js';

/** Everything the use cases are opened with: settings and adapters. */
export interface Ports {
  readonly newsletters: ReadonlyMap<string, Newsletter>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly arrangements: Arrangements;
  /** Converts an editor's Markdown to clean HTML. Throws `config.invalid` at that place when it is nested too deeply. */
  markdown(text: string, where: string): Promise<Html>;
  /** Used only where a person imports what another program mailed. */
  readonly readMailed: ReadMailed;
  readonly store: Store;
  /** Opens an empty store in memory, for a rehearsal. */
  openEmptyStore(): Promise<Store>;
  readonly renderer: Renderer;
  readonly replacePictures: ReplacePictures;
  /** Checks the next issue before it is sent. */
  readonly checks: Checks;
  /** Used only where a person wants links followed. */
  readonly askLink: AskLink;
  readonly places: Places;
  readonly messagesIn: MessagesIn;
  /** Builds the messages readers get. */
  readonly mailBuilder: MailBuilder;
  /** Builds previews and tests, whose links are dead and marked so (rule: dead-links). */
  readonly deadMailBuilder: MailBuilder;
  /** Opened when first needed: only what sends needs a mail server. */
  transport(): Transport;
  /** How fast messages may be sent by that transport. */
  rateLimit(): RateLimit;
  /** The ports of the public pages; absent without a public URL and a secret. */
  readonly publicSite?: PublicSite;
  /** How what comes back is read and acted on. */
  readonly feedbackRules: FeedbackRules;
  /** What webhooks of providers need; absent where none is set. */
  readonly hookTools?: HookTools;
  readonly erasedKeys: ErasedKeys;
  /** How the editor is notified; absent: only by log and status. */
  readonly notifier?: Notifier;
  /** How long the outcome of each delivery is kept; absent: for ever. */
  readonly keepMs?: number;
  /** What is missing for a real send, for people; empty when ready (rule: ready-to-send). */
  readonly missingForSending: readonly string[];
  readonly files: Files;
  /** Where this workspace keeps its database, previews and the demo's mails. */
  readonly stateFolder: string;
  readonly clock: Clock;
  readonly calendar: Calendar;
  readonly processes: Processes;
  readonly log: Log;
  newId(): string;
}

/** The opened use cases, each with its module's functions. */
export interface UseCases {
  readonly issues: Issues;
  readonly approval: Approval;
  readonly sending: Sending;
  readonly readers: Readers;
  readonly feedback: Feedback;
  readonly operate: Operate;
}

export interface AppContext extends Ports, UseCases {}

/** Opens the use cases over their ports, in the order in which they may use one another. */
export function openUseCases<Given extends Ports>(ports: Given): Given & UseCases {
  const { store } = ports;
  const notifications = openNotifications({ ...ports, shared: store.shared });
  const issues = openIssues(ports);
  const approval = openApproval({ ...ports, issues, ledger: store.ledger });
  const sending = openSending({ ...ports, issues, notifyEditor: notifications.notifyOnce });
  const refuseMail = async () => {
    sending.refuseUnready();
    await refuseCopy(store);
  };
  const readers = openReaders({ ...ports, refuseMail });
  const feedback = openFeedback({ ...ports, sending, refuseCopy: () => refuseCopy(store) });
  const operate = openOperate({ ...ports, issues, approval, sending, notifications });
  return { ...ports, issues, approval, sending, readers, feedback, operate };
}
