/** What every story is told: the rooms, as ports. Built once by app.ts; tests replace what they like. */
import { GazetteError } from '../domain/errors.js';
import type { Html } from '../domain/html.js';
import type { Newsletter } from '../domain/newsletter.js';
import type {
  Arrangements,
  AskLink,
  Calendar,
  Checks,
  Clock,
  Files,
  Log,
  MessageBuilder,
  Notifier,
  Pace,
  Places,
  Processes,
  Renderer,
  Source,
  Store,
  Transport,
  Words,
} from '../domain/ports.js';
import type { PublicSide } from './public-side.js';

export interface House {
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
  /** The words of a language, or of its base language; `undefined` where there is no such catalogue. */
  words(language: string): Promise<Words | undefined>;
  /** Builds what readers get; its links work. */
  readonly messages: MessageBuilder;
  /** Builds previews and tests: every link is dead, and marked so (laws §5.3). */
  readonly deadMessages: MessageBuilder;
  /** Opened when first needed: a story that sends nothing asks for no server. */
  transport(): Transport;
  /** How fast messages may leave by that transport. */
  pace(): Pace;
  /** The public pages; absent without a public URL and a secret. */
  readonly publicSide?: PublicSide;
  /** How the editor is told what kept an issue back; absent: only by log and status. */
  readonly notifier?: Notifier;
  /** How long it is kept what became of each reader of an issue; absent: for ever. */
  readonly keepMs?: number;
  /** What a real send still lacks, for people; empty when ready (laws §5.1). */
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
export function newsletterNamed(house: House, id: string | undefined): Newsletter {
  const [only, ...others] = house.newsletters.values();
  if (id === undefined && only && others.length === 0) return only;
  const found = id === undefined ? undefined : house.newsletters.get(id);
  if (found) return found;
  const known = [...house.newsletters.keys()].join(', ') || 'none';
  const message = id === undefined ? 'Which newsletter? There are several.' : `There is no newsletter “${id}”.`;
  throw new GazetteError('config.missing-newsletter', message, { hint: `Known newsletters: ${known}.` });
}
