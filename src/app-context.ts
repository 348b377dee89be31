/** What every story is told: the rooms, as ports. Built once by app.ts; tests replace what they like. */

import { type Approval, openApproval } from './approval/index.js';
import { GazetteError } from './domain/errors.js';
import type { Html } from './domain/html.js';
import type { Newsletter } from './domain/newsletter.js';
import type { Arrangements, Checks, MessagesIn, Places, Renderer, Source } from './domain/ports/content.js';
import type { AskLink, Calendar, Clock, Files, Log, Processes } from './domain/ports/host.js';
import type { MessageBuilder, Notifier, RateLimit, Transport } from './domain/ports/mail.js';
import type { Store } from './domain/ports/storage.js';
import { type Issues, openIssues } from './issue/index.js';
import { refuseCopy } from './issue/refuse-copy.js';
import { notifyOnce } from './operate/notify.js';
import { openReaders, type Readers } from './readers/index.js';
import type { PublicSite } from './readers/public-site.js';
import { openSending, type Sending } from './sending/index.js';

export interface AppContext {
  readonly issues: Issues;
  readonly approval: Approval;
  readonly sending: Sending;
  readonly readers: Readers;
  readonly newsletters: ReadonlyMap<string, Newsletter>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly arrangements: Arrangements;
  /** An editor's Markdown, cleaned. Throws `config.invalid` at that place when it is nested too deeply. */
  markdown(text: string, where: string): Promise<Html>;
  readonly store: Store;
  /** An empty store of its own, for a story that needs no memory but its own. */
  openEmptyStore(): Promise<Store>;
  readonly renderer: Renderer;
  /** Judges what would leave before it leaves. */
  readonly checks: Checks;
  /** Asked only where a person wants links followed. */
  readonly askLink: AskLink;
  readonly places: Places;
  readonly messagesIn: MessagesIn;
  /** Builds what readers get; its links work. */
  readonly messages: MessageBuilder;
  /** Builds previews and tests: every link is dead, and marked so (rule: dead-links). */
  readonly deadMessages: MessageBuilder;
  /** Opened when first needed: a story that sends nothing asks for no server. */
  transport(): Transport;
  /** How fast messages may leave by that transport. */
  rateLimit(): RateLimit;
  /** The public pages; absent without a public URL and a secret. */
  readonly publicSite?: PublicSite;
  /** How the editor is told what kept an issue back; absent: only by log and status. */
  readonly notifier?: Notifier;
  /** How long it is kept what became of each reader of an issue; absent: for ever. */
  readonly keepMs?: number;
  /** What a real send still lacks, for people; empty when ready (rule: ready-to-send). */
  readonly missingForSending: readonly string[];
  readonly files: Files;
  /** Where this workspace keeps what it makes: the database, previews, the demo's mails. */
  readonly stateFolder: string;
  readonly clock: Clock;
  readonly calendar: Calendar;
  readonly processes: Processes;
  readonly log: Log;
  newId(): string;
}

/** The newsletter of that id; the only one there is when none is named. Throws `config.missing-newsletter`. */
export function newsletterNamed(deps: AppContext, id: string | undefined): Newsletter {
  const [only, ...others] = deps.newsletters.values();
  if (id === undefined && only && others.length === 0) return only;
  const found = id === undefined ? undefined : deps.newsletters.get(id);
  if (found) return found;
  const known = [...deps.newsletters.keys()].join(', ') || 'none';
  const message = id === undefined ? 'Which newsletter? There are several.' : `There is no newsletter “${id}”.`;
  throw new GazetteError('config.missing-newsletter', message, { hint: `Known newsletters: ${known}.` });
}

type UseCases = Pick<AppContext, 'issues' | 'approval' | 'sending' | 'readers'>;

/** Everything the use cases are opened with. */
export type Ports = Omit<AppContext, keyof UseCases>;

/** Opens the use cases over their ports. */
export function openUseCases<Given extends Ports>(ports: Given): Given & UseCases {
  const issues = openIssues(ports);
  const approval = openApproval({ ...ports, issues, ledger: ports.store.ledger });
  const sending = openSending({ ...ports, issues, notifyEditor: (note) => notifyOnce(ports, note) });
  const refuseMail = async () => {
    sending.refuseUnready();
    await refuseCopy(ports.store);
  };
  const readers = openReaders({ ...ports, refuseMail });
  return { ...ports, issues, approval, sending, readers };
}
