/** What the studio needs of the rest of the program. The composition builds all of it anew when the settings change. */
import type { Approval } from '../approval/index.js';
import type { Edition } from '../domain/edition.js';
import type { Finding } from '../domain/finding.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Arrangements, Checks, Renderer } from '../domain/ports/content.js';
import type { Clock, Log } from '../domain/ports/host.js';
import type { Transport } from '../domain/ports/mail.js';
import type { Store } from '../domain/ports/storage.js';
import type { Draft } from '../issue/draft.js';
import type { Issues } from '../issue/index.js';
import type { Sending } from '../sending/index.js';

/** What the draft workspace reads and composes with. */
export interface DraftPorts {
  readonly newsletters: ReadonlyMap<string, Newsletter>;
  readonly store: Pick<Store, 'ledger' | 'audience' | 'draftScratch'>;
  readonly renderer: Renderer;
  readonly issues: Pick<Issues, 'over'>;
  /** Imports the workspace's sample readers of a newsletter, if it has any, into a scratch copy. */
  importSampleReaders(newsletter: Newsletter, scratch: Store): Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The program under the settings of one moment. */
export interface StudioApp extends DraftPorts {
  readonly arrangements: Pick<Arrangements, 'read' | 'write' | 'fileOf'>;
  readonly issues: Pick<
    Issues,
    'over' | 'fillPreview' | 'withLocalPictures' | 'checkComposed' | 'cancel' | 'acceptWithdrawals'
  >;
  readonly checks: Pick<Checks, 'theme'>;
  /** Requests every link and image of these editions. */
  checkWeb(draft: Draft, editions: AsyncIterable<Edition>, signal: AbortSignal): Promise<readonly Finding[]>;
  readonly approval: Pick<Approval, 'answer' | 'read' | 'withdraw'>;
  readonly sending: Sending;
  /** Throws `send.not-ready` without a mail server. */
  transport(): Pick<Transport, 'description'>;
}
