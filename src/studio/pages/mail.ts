/** The mail as a reader would get it: an edition, chosen categories, or a reader by address; and another edition beside it. */
import { preferencesKey } from '../../domain/category.js';
import { type SkipReason, whyNoMail } from '../../domain/delivery.js';
import type { ReaderGroup } from '../../domain/ports/ledger.js';
import { SKIP_WORDS } from '../../domain/reason-words.js';
import type { Subscriber } from '../../domain/subscriber.js';
import { countReaders, type EditionPlan } from '../../issue/editions.js';
import { type Preview, readerNamed } from '../../issue/preview.js';
import type { LiveDraft } from '../live-draft.js';
import type { LiveIssue } from '../live-issue.js';
import type { StudioFrame, StudioPage } from '../page.js';
import { newsletterPath } from '../paths.js';
import { amount } from '../views/confirmation.js';
import { editionName } from '../views/edition-name.js';
import { type Display, displayFrom, emptyFrame, frameQuery, versionOf } from '../views/frame.js';
import { type EditionLine, largestEditions } from '../views/readers-view.js';
import { sectionTitles } from '../views/section-titles.js';

export interface MailView {
  readonly mail: {
    readonly subject: string;
    readonly reader: string;
    readonly bytes: number;
    readonly direction: 'ltr' | 'rtl';
    /** Empty unless displayed. */
    readonly text: string;
    readonly source: string;
    readonly headers: readonly { readonly name: string; readonly value: string }[];
  } | null;
  readonly whyNoMail: string;
  readonly frames: readonly { readonly src: string; readonly name: string }[];
  readonly editions: readonly {
    readonly key: string;
    readonly name: string;
    readonly isChosen: boolean;
    readonly isBeside: boolean;
  }[];
  /** How many editions of the wanted size are not listed. */
  readonly unlisted: number;
  /** As it was asked for, in posts; empty: editions of every size are listed. */
  readonly size: string;
  /** The wanted size is that of no edition. */
  readonly isNoSize: boolean;
  readonly categories: readonly { readonly key: string; readonly title: string; readonly isChosen: boolean }[];
  readonly readerAddress: string;
  readonly language: string;
  readonly isByCategories: boolean;
  readonly display: Display;
}

export const mailPage: StudioPage<MailView> = {
  kind: 'page',
  path: '/n/:newsletter/mail',
  template: 'mail',
  tab: 'mail',
  async view({ live }, { param, query, now }) {
    const issue = await live.issue(param('newsletter'));
    const { newsletter, planned } = issue;
    const choice = choiceFrom(query);
    const display = displayFrom(query);
    const mail = await readersMail(live, issue, { ...choice, now });
    const plan = mail.kind === 'mail' ? mail.plan : undefined;
    const beside = planned.editions.find(({ key }) => key === query.get('beside'));
    const matching = ofSize(issue, choice);
    const offered = offeredEditions(issue, matching, [plan, beside]);
    const frameOf = (fields: URLSearchParams, shown: unknown) =>
      `${newsletterPath(newsletter.id)}/frame?${frameQuery(fields, display, versionOf(shown))}`;
    return {
      mail: mail.kind === 'mail' ? mailPart(mail, display) : null,
      whyNoMail: mail.kind === 'none' ? mail.why : '',
      frames: [
        {
          src: frameOf(choiceQuery(choice), mail.kind === 'mail' ? mail.html : ''),
          name: plan ? editionName(issue, plan) : 'No mail',
        },
        ...(beside
          ? [
              {
                src: frameOf(choiceQuery({ edition: beside.key }), (await live.render(issue, beside)).mail),
                name: editionName(issue, beside),
              },
            ]
          : []),
      ],
      editions: offered.map(({ key, name, readers, posts }) => ({
        key,
        name: `${name} · ${amount(readers, 'reader')}, ${amount(posts, 'post')}`,
        isChosen: key === plan?.key && choice.reader === undefined && choice.categories === undefined,
        isBeside: key === beside?.key,
      })),
      unlisted: Math.max(0, matching.length - MOST_OFFERED),
      size: choice.size === undefined ? '' : String(choice.size),
      isNoSize: choice.size !== undefined && matching.length === 0,
      categories: [...sectionTitles(newsletter)].map(([key, title]) => ({
        key,
        title,
        isChosen: choice.categories?.includes(key) ?? false,
      })),
      readerAddress: choice.reader ?? '',
      language: choice.language ?? '',
      isByCategories: choice.categories !== undefined,
      display,
    };
  },
};

/** How many editions are offered by name. */
const MOST_OFFERED = 50;

/** The editions with as many posts as are asked for; all of them where nothing is. */
function ofSize({ planned }: LiveIssue, { size }: MailChoice): readonly EditionPlan[] {
  return size === undefined ? planned.editions : planned.editions.filter(({ posts }) => posts === size);
}

/** Of these editions the full one and those with most readers, and those that are shown. */
function offeredEditions(
  issue: LiveIssue,
  matching: readonly EditionPlan[],
  shown: readonly (EditionPlan | undefined)[],
): readonly EditionLine[] {
  const { byEdition } = countReaders(issue.groups, issue.planned);
  const largest = largestEditions(issue, byEdition, MOST_OFFERED, matching);
  const isListed = new Set(largest.map(({ key }) => key));
  const others = [...new Set(shown)].flatMap((plan) => {
    if (!plan || isListed.has(plan.key) || !issue.planned.editions.includes(plan)) return [];
    const { key, posts } = plan;
    return { key, name: editionName(issue, plan), readers: byEdition.get(key) ?? 0, posts };
  });
  return [...largest, ...others];
}

export const mailFrame: StudioFrame = {
  kind: 'frame',
  path: '/n/:newsletter/frame',
  async html({ live, framed }, { param, query, now }) {
    const mail = await readersMail(live, await live.issue(param('newsletter')), { ...choiceFrom(query), now });
    const { scheme } = displayFrom(query);
    if (mail.kind === 'none') return emptyFrame(mail.why);
    return framed(await live.app().issues.withLocalPictures(mail.html, mail.heads), { scheme });
  },
};

/** Whose mail: at most one of edition, categories and reader; the full edition without any of them. */
interface MailChoice {
  readonly edition?: string;
  readonly categories?: readonly string[];
  readonly language?: string;
  /** An address. */
  readonly reader?: string;
  /** Among the editions with so many posts: the one that is chosen, or else the one with most readers. */
  readonly size?: number;
}

function choiceFrom(query: URLSearchParams): MailChoice {
  const edition = query.get('edition');
  const reader = query.get('reader');
  const language = query.get('language');
  const size = /^\s*(\d{1,6})\s*$/.exec(query.get('size') ?? '')?.[1];
  return {
    ...(edition && { edition }),
    ...(reader?.trim() && { reader }),
    ...(language && { language }),
    ...(size !== undefined && { size: Number(size) }),
    ...(query.get('by') === 'categories' && { categories: query.getAll('category') }),
  };
}

function choiceQuery({ edition, categories, language, reader, size }: MailChoice): URLSearchParams {
  const query = new URLSearchParams();
  if (edition) query.set('edition', edition);
  if (reader) query.set('reader', reader);
  if (categories) query.set('by', 'categories');
  for (const key of categories ?? []) query.append('category', key);
  if (language) query.set('language', language);
  if (size !== undefined) query.set('size', String(size));
  return query;
}

type ReadersMail =
  | ({ readonly kind: 'mail'; readonly plan: EditionPlan; readonly reader: string } & Omit<Preview, 'broken'>)
  | { readonly kind: 'none'; readonly why: string };

const NO_ISSUE = {
  'nothing-new': 'There are no new posts, so no mail would be sent.',
  'too-few': 'There are fewer posts than minPosts, so no mail would be sent.',
} as const;

async function readersMail(
  live: LiveDraft,
  issue: LiveIssue,
  choice: MailChoice & { readonly now: Date },
): Promise<ReadersMail> {
  const { outcome } = issue.draft.selection;
  if (outcome !== 'issue') return { kind: 'none', why: NO_ISSUE[outcome] };
  const { subscriber, plan, skip } = await chosenEdition(live, issue, choice);
  if (skip !== undefined) return { kind: 'none', why: `This reader gets no mail: they ${SKIP_WORDS[skip]}.` };
  if (!plan) return { kind: 'none', why: 'This reader gets no mail: the issue has nothing in their categories.' };
  const { issues } = live.app();
  const filled = await issues.fillPreview(issue.draft, await live.render(issue, plan), subscriber, choice.now);
  return { kind: 'mail', plan, reader: subscriber.name || subscriber.address, ...filled };
}

interface ChosenEdition {
  readonly subscriber: Subscriber;
  readonly plan: EditionPlan | undefined;
  /** Why this reader gets no mail at all. */
  readonly skip?: SkipReason;
}

async function chosenEdition(
  live: LiveDraft,
  issue: LiveIssue,
  choice: MailChoice & { readonly now: Date },
): Promise<ChosenEdition> {
  const { edition, categories, language, reader, now } = choice;
  if (reader) return editionOfReader(live, issue, { reader, now });
  const subscriber: Subscriber = { id: 0, address: 'reader@example.org', name: '', ...(language && { language }) };
  if (categories) {
    const preferences = preferencesKey(categories.length === 0 ? undefined : categories);
    const group: ReaderGroup = { preferences, ...(language && { language }) };
    return { subscriber, plan: await live.editionFor(issue, group) };
  }
  const matching = ofSize(issue, choice);
  const chosen =
    matching.find(({ key }) => key === edition) ?? (choice.size === undefined ? undefined : largestOf(issue, matching));
  const plan = chosen ?? issue.planned.editions.find(({ key }) => key === edition) ?? issue.full;
  return { subscriber: plan ? { ...subscriber, language: plan.messages.language } : subscriber, plan };
}

function largestOf(issue: LiveIssue, matching: readonly EditionPlan[]): EditionPlan | undefined {
  const { byEdition } = countReaders(issue.groups, issue.planned);
  const [largest] = largestEditions(issue, byEdition, 1, matching);
  return matching.find(({ key }) => key === largest?.key);
}

async function editionOfReader(
  live: LiveDraft,
  issue: LiveIssue,
  { reader, now }: { readonly reader: string; readonly now: Date },
): Promise<ChosenEdition> {
  const audience = live.audience();
  const { subscriber, group } = await readerNamed(audience, issue.newsletter, reader);
  const present = await audience.reader(issue.newsletter.id, subscriber.id);
  const skip = present && whyNoMail(present, now);
  return { subscriber, plan: await live.editionFor(issue, group), ...(skip && { skip }) };
}

function mailPart(mail: Extract<ReadersMail, { kind: 'mail' }>, { view }: Display): NonNullable<MailView['mail']> {
  const source = () => Buffer.concat(mail.message.content).toString('utf8');
  return {
    subject: mail.subject,
    reader: mail.reader,
    bytes: mail.htmlBytes,
    direction: mail.plan.messages.direction,
    text: view === 'text' ? mail.text : '',
    source: view === 'source' ? source() : '',
    headers: view === 'headers' ? headersOf(source()) : [],
  };
}

/** The header fields as they are sent, unfolded (RFC 5322 §2.2.3). */
function headersOf(source: string): NonNullable<MailView['mail']>['headers'] {
  const [head = ''] = source.split('\r\n\r\n', 1);
  return head
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .map((line) => {
      const colon = line.indexOf(':');
      return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
    });
}
