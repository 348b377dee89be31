/** The mail as one reader would get it, on the desk: an edition that is there, a wish, or a reader by address. */
import { createHash } from 'node:crypto';
import { OTHER, preferencesKey } from '../domain/category.js';
import { type SkipReason, whyNoMail } from '../domain/delivery.js';
import type { ReaderGroup } from '../domain/ports/storage.js';
import { SKIP_WORDS } from '../domain/reason-words.js';
import type { Subscriber } from '../domain/subscriber.js';
import type { EditionPlan } from '../issue/editions.js';
import { type Preview, readerNamed } from '../issue/preview.js';
import type { LiveDraft } from './live-draft.js';
import type { LiveIssue } from './live-issue.js';

/** Whose copy: at most one of the three; none of them is the full edition. */
export interface MailChoice {
  /** An edition's key. */
  readonly edition?: string;
  /** Category keys, and a language. */
  readonly wish?: readonly string[];
  readonly language?: string;
  /** An address. */
  readonly reader?: string;
}

/** From which side a mail is looked at. */
export interface MailLook {
  readonly view: 'html' | 'text' | 'headers' | 'source';
  readonly width: 'phone' | 'tablet' | 'desktop';
  readonly scheme: 'light' | 'dark';
  readonly images: boolean;
  /** A second edition beside it. */
  readonly beside: string | undefined;
}

export type LiveMail =
  | ({ readonly kind: 'mail'; readonly plan: EditionPlan; readonly reader: string } & Omit<Preview, 'broken'>)
  | { readonly kind: 'none'; readonly why: string };

const NO_ISSUE = {
  'nothing-new': 'There is nothing new: no mail would go out.',
  'too-few': 'There are fewer posts than minPosts asks for: no mail would go out.',
} as const;

export async function mailPage(live: LiveDraft, issue: LiveIssue, choice: MailChoice): Promise<LiveMail> {
  const { outcome } = issue.draft.selection;
  if (outcome !== 'issue') return { kind: 'none', why: NO_ISSUE[outcome] };
  const { subscriber, plan, skip } = await planFor(live, issue, choice);
  if (skip !== undefined) return { kind: 'none', why: `This reader gets no mail: they ${SKIP_WORDS[skip]}.` };
  if (!plan) return { kind: 'none', why: 'This reader wishes for nothing that is in the issue: they get no mail.' };
  const deps = live.draftDeps();
  const edition = await live.edition(issue, plan);
  const filled = await deps.issues.fillPreview(issue.draft, edition, subscriber, deps.clock.now());
  return { kind: 'mail', plan, reader: subscriber.name || subscriber.address, ...filled };
}

interface Chosen {
  readonly subscriber: Subscriber;
  readonly plan: EditionPlan | undefined;
  /** Why this reader gets no mail, whatever is in it. */
  readonly skip?: SkipReason;
}

async function planFor(live: LiveDraft, issue: LiveIssue, choice: MailChoice): Promise<Chosen> {
  const { edition, wish, language, reader } = choice;
  if (reader) return readerOnDesk(live, issue, reader);
  const subscriber: Subscriber = { id: 0, address: 'reader@example.org', name: '', ...(language && { language }) };
  if (wish) {
    const group = { wishes: preferencesKey(wish.length === 0 ? undefined : wish), ...(language && { language }) };
    return { subscriber, plan: await planOfGroup(live, issue, group) };
  }
  const plan = issue.arranged.editions.find(({ key }) => key === edition) ?? issue.full;
  return { subscriber: plan ? { ...subscriber, language: plan.words.language } : subscriber, plan };
}

async function planOfGroup(
  live: LiveDraft,
  { draft }: LiveIssue,
  group: ReaderGroup,
): Promise<EditionPlan | undefined> {
  const { editions } = await live.draftDeps().issues.editions.plan(draft, [group]);
  return editions[0];
}

async function readerOnDesk(live: LiveDraft, issue: LiveIssue, reader: string): Promise<Chosen> {
  const { store } = live.isWithoutLedger() ? live.draftDeps() : live.deps();
  const { subscriber, group } = await readerNamed(store.audience, issue.newsletter, reader);
  const now = await store.audience.reader(issue.newsletter.id, subscriber.id);
  const skip = now && whyNoMail(now, live.deps().clock.now());
  return { subscriber, plan: await planOfGroup(live, issue, group), ...(skip && { skip }) };
}

/** A name for an edition: what its readers wish for. */
export function editionName({ draft, full }: LiveIssue, plan: EditionPlan): string {
  const { words } = plan;
  const isFull = plan.key === full?.key;
  const titles = plan.digest.sections.map(({ title }) => title);
  const what = isFull
    ? 'Everything'
    : titles.length > 3
      ? `${titles.slice(0, 2).join(', ')} + ${titles.length - 2}`
      : titles.join(', ');
  return words.language === draft.newsletter.language ? what : `${what} (${words.language})`;
}

/** The keys a wish may name. */
export function choosableKeys({ newsletter }: LiveIssue): readonly string[] {
  return [...newsletter.categories.map(({ key }) => key), OTHER];
}

/** The page of a mail: which copy, from which side, and one more beside it. */
export async function mailView(live: LiveDraft, issue: LiveIssue, choice: MailChoice, look: MailLook) {
  const mail = await mailPage(live, issue, choice);
  const path = `/n/${encodeURIComponent(issue.newsletter.id)}`;
  const chosen = mail.kind === 'mail' ? mail.plan.key : '';
  const frameOf = (of: MailChoice, version: string) => `${path}/frame?${frameQuery(of, look, version)}`;
  const besides = issue.arranged.editions.find(({ key }) => key === look.beside);
  const beside = besides && { plan: besides, mail: (await live.edition(issue, besides)).mail };
  const language = issue.newsletter.language;
  return {
    mail:
      mail.kind === 'mail'
        ? {
            subject: mail.subject,
            reader: mail.reader,
            bytes: mail.htmlBytes,
            text: look.view === 'text' ? mail.text : '',
            source: look.view === 'source' ? sourceOf(mail.message.content) : '',
            headers: look.view === 'headers' ? headersOf(mail.message.content) : [],
            direction: mail.plan.words.direction,
          }
        : null,
    why: mail.kind === 'none' ? mail.why : '',
    frames: [
      {
        src: frameOf(choice, mail.kind === 'mail' ? versionOf(mail.html) : ''),
        name: mail.kind === 'mail' ? editionName(issue, mail.plan) : 'No mail',
      },
      ...(beside
        ? [
            {
              src: frameOf({ edition: beside.plan.key }, versionOf(beside.mail)),
              name: editionName(issue, beside.plan),
            },
          ]
        : []),
    ],
    editions: issue.arranged.editions.map((plan) => ({
      key: plan.key,
      name: editionName(issue, plan),
      isChosen: plan.key === chosen && choice.reader === undefined && choice.wish === undefined,
      isBeside: plan.key === look.beside,
    })),
    wishes: choosableKeys(issue).map((key) => ({
      key,
      title: issue.newsletter.categories.find((each) => each.key === key)?.title[language] ?? 'Other',
      isChosen: choice.wish?.includes(key) ?? false,
    })),
    asReader: choice.reader ?? '',
    language: choice.language ?? '',
    byWish: choice.wish !== undefined,
    look,
    path,
  };
}

/** A frame is loaded anew only when what it shows has another name. */
function frameQuery({ edition, reader, wish, language }: MailChoice, look: MailLook, version: string): string {
  const query = new URLSearchParams();
  if (edition) query.set('edition', edition);
  if (reader) query.set('reader', reader);
  if (wish) query.set('by', 'wish');
  for (const each of wish ?? []) query.append('wish', each);
  if (language) query.set('language', language);
  query.set('scheme', look.scheme);
  if (!look.images) query.set('images', 'off');
  query.set('v', version);
  return query.toString();
}

/** Changes with what is shown. */
export function versionOf(shown: unknown): string {
  return createHash('sha256').update(JSON.stringify(shown)).digest('hex').slice(0, 12);
}

function sourceOf(content: readonly Uint8Array[]): string {
  return Buffer.concat(content).toString('utf8');
}

/** The header fields as they leave, unfolded (RFC 5322 §2.2.3). */
export function headersOf(
  content: readonly Uint8Array[],
): readonly { readonly name: string; readonly value: string }[] {
  const [head = ''] = sourceOf(content).split('\r\n\r\n', 1);
  return head
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .map((line) => {
      const colon = line.indexOf(':');
      return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
    });
}
