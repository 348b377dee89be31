/** A past issue: its deliveries, its editions as they were sent, and the outcome for one reader. */
import { addressFrom } from '../../domain/address.js';
import { DELIVERY_STATES, type DeliveryState } from '../../domain/delivery.js';
import { fillSegments } from '../../domain/edition.js';
import type { DeliveryRow } from '../../domain/ports/deliveries.js';
import { SKIP_WORDS } from '../../domain/reason-words.js';
import type { StudioFrame, StudioPage } from '../page.js';
import { issuePath } from '../paths.js';
import type { StudioApp } from '../ports.js';
import { displayFrom, emptyFrame } from '../views/frame.js';
import { sectionTitles } from '../views/section-titles.js';
import { type SendingView, sendingView } from '../views/sending-view.js';

export interface PastIssueView {
  readonly number: number;
  readonly path: string;
  readonly at: Date;
  readonly frozenAt: Date;
  readonly isManual: boolean;
  readonly sending: SendingView;
  readonly posts: readonly { readonly title: string; readonly section: string }[];
  readonly editions: readonly {
    readonly key: string;
    readonly name: string;
    readonly language: string;
    readonly readers: number;
    readonly bytes: number;
    readonly isChosen: boolean;
  }[];
  readonly frame: string | null;
  readonly states: readonly { readonly state: ListedState; readonly count: number }[];
  /** The state whose readers are listed. */
  readonly listed: ListedState | null;
  readonly rows: readonly RowView[];
  readonly maxRows: number;
  /** The address that was looked up. */
  readonly address: string;
  readonly found: ReaderOutcome | null;
}

type ListedState = DeliveryState | 'deferred';

export interface RowView {
  readonly address: string;
  readonly state: string;
  readonly why: string;
  readonly attempts: number;
  readonly reply: string;
  readonly at: Date | null;
}

/** What became of one reader's delivery; without a row, a text says why there is none. */
export interface ReaderOutcome {
  readonly row: RowView | null;
  readonly text: string;
}

const LISTED_STATES: readonly ListedState[] = [...DELIVERY_STATES, 'deferred'];
const MAX_ROWS = 100;

export const pastIssuePage: StudioPage<PastIssueView> = {
  kind: 'page',
  path: '/n/:newsletter/issues/:number{[0-9]+}',
  template: 'past-issue',
  tab: 'history',
  async view({ live, runs }, { param, query }) {
    const newsletter = live.newsletter(param('newsletter'));
    const app = live.app();
    const { issue, counts, editions } = await app.sending.show(newsletter, Number(param('number')));
    const chosen = editions.find(({ key }) => key === query.get('edition')) ?? editions[0];
    const path = issuePath(newsletter.id, issue.number);
    const listed = LISTED_STATES.find((state) => state === query.get('state'));
    const titles = sectionTitles(newsletter);
    const address = query.get('reader') ?? '';
    return {
      number: issue.number,
      path,
      at: issue.occurrence,
      frozenAt: issue.frozenAt,
      isManual: issue.manual,
      sending: await sendingView({ live, runs }, issue),
      posts: issue.posts.map(({ title, section }) => ({ title, section: titles.get(section) ?? section })),
      editions: editions.map(({ key, language, sections, readers, htmlBytes }) => ({
        key,
        name: sections.map((each) => titles.get(each) ?? each).join(', '),
        language,
        readers,
        bytes: htmlBytes,
        isChosen: key === chosen?.key,
      })),
      frame: chosen ? `${path}/frame?edition=${chosen.key}&scheme=${displayFrom(query).scheme}` : null,
      states: LISTED_STATES.map((state) => ({ state, count: counts[state] })).filter(({ count }) => count > 0),
      listed: listed ?? null,
      rows: listed ? await rowsOf(app, issue.id, listed) : [],
      maxRows: MAX_ROWS,
      address,
      found: address.trim() ? await outcomeFor(app, issue.id, address.trim()) : null,
    };
  },
};

export const pastIssueFrame: StudioFrame = {
  kind: 'frame',
  path: '/n/:newsletter/issues/:number{[0-9]+}/frame',
  async html({ live, framed }, { param, query }) {
    const { store, sending } = live.app();
    const { editions } = await sending.show(live.newsletter(param('newsletter')), Number(param('number')));
    const chosen = editions.find(({ key }) => key === query.get('edition')) ?? editions[0];
    if (!chosen) return emptyFrame('There is no such edition.');
    const { mail } = await store.ledger.edition(chosen.id);
    return framed(fillSegments(mail.html, MARKED_VALUES), { scheme: displayFrom(query).scheme });
  },
};

/** Shown in place of a reader's values, which are not kept with an edition. */
const MARKED_VALUES = {
  name: '«name»',
  address: '«address»',
  unsubscribeUrl: '#',
  preferencesUrl: '#',
  webUrl: '#',
};

async function rowsOf({ store }: StudioApp, issue: number, state: ListedState): Promise<readonly RowView[]> {
  const rows: RowView[] = [];
  for await (const row of store.ledger.deliveries(issue, [state])) {
    rows.push(rowView(row));
    if (rows.length >= MAX_ROWS) break;
  }
  return rows;
}

function rowView({ address, state, reason, attempts, reply, settledAt }: DeliveryRow): RowView {
  return {
    address,
    state,
    why: reason === undefined ? '' : SKIP_WORDS[reason],
    attempts,
    reply: reply ? `${reply.code ?? ''} ${reply.text}`.trim() : '',
    at: settledAt ?? null,
  };
}

async function outcomeFor({ store }: StudioApp, issue: number, address: string): Promise<ReaderOutcome> {
  const key = addressFrom(address)?.key;
  const found = key === undefined ? undefined : await store.audience.find(key);
  if (!found) return { row: null, text: 'No reader has this address.' };
  for await (const row of store.ledger.deliveries(issue)) {
    if (row.subscriber === found.subscriber.id) return { row: rowView(row), text: '' };
  }
  return { row: null, text: 'This reader was not in the audience when the issue was frozen.' };
}
