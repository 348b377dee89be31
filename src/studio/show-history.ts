/** Past issues: each with its counts, its editions as they left, and what became of one reader's copy. */

import type { AppContext } from '../app-context.js';
import { addressFrom, maskedAddress } from '../domain/address.js';
import { OTHER } from '../domain/category.js';
import type { DeliveryState } from '../domain/delivery.js';
import { DELIVERY_STATES } from '../domain/delivery.js';
import type { RenderedMail } from '../domain/edition.js';
import type { Issue } from '../domain/issue.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { DeliveryRow } from '../domain/ports/storage.js';
import { SKIP_WORDS } from '../domain/reason-words.js';
import type { MailLook } from './show-mail.js';
import { sendingView } from './show-sending.js';

export interface PastChoice {
  /** An edition's key. */
  readonly edition: string | undefined;
  /** Lists the readers who stand so. */
  readonly state: string | undefined;
  /** Looks up one reader. */
  readonly reader: string | undefined;
}

export async function historyOf(deps: AppContext, newsletter: Newsletter) {
  const issues = (await deps.sending.list(newsletter)).map(({ issue, counts }) => ({
    number: issue.number,
    path: `/n/${encodeURIComponent(newsletter.id)}/issues/${issue.number}`,
    at: issue.occurrence,
    isManual: issue.manual,
    state: issue.state,
    posts: issue.posts.length,
    titles: issue.posts.slice(0, 3).map(({ title }) => title),
    more: Math.max(0, issue.posts.length - 3),
    all: counts.all,
    accepted: counts.accepted,
    rejected: counts.rejected,
    unknown: counts.unknown,
    skipped: counts.skipped,
    waiting: counts.planned + counts.claimed + counts.attempted,
  }));
  const skips = (await deps.sending.skips(newsletter))
    .filter(({ outcome }) => !outcome.startsWith('merged-into'))
    .map(({ occurrence, outcome }) => ({ at: occurrence, why: OUTCOMES[outcome as keyof typeof OUTCOMES] ?? outcome }))
    .slice(-20)
    .reverse();
  return { issues, skips };
}

const OUTCOMES = {
  'nothing-new': 'there was nothing new',
  'skipped(late)': 'it was too late by then',
  'skipped(vetoed)': 'it was vetoed',
  'skipped(unapproved)': 'nobody approved it',
} as const;

const MOST_ROWS = 100;

export async function pastIssue(
  deps: AppContext,
  newsletter: Newsletter,
  number: number,
  { edition, state, reader }: PastChoice,
  look: MailLook,
  keptBack: (issue: Issue) => string | undefined,
) {
  const { issue, counts, editions } = await deps.sending.show(newsletter, number);
  const chosen = editions.find(({ key }) => key === edition) ?? editions[0];
  const path = `/n/${encodeURIComponent(newsletter.id)}/issues/${number}`;
  const listed = DELIVERY_STATES.find((each) => each === state) ?? (state === 'deferred' ? 'deferred' : undefined);
  const titles = new Map([
    ...newsletter.categories.map(({ key, title }) => [key, title[newsletter.language] ?? key] as const),
    [OTHER, 'Other'] as const,
  ]);
  return {
    number,
    path,
    at: issue.occurrence,
    frozenAt: issue.frozenAt,
    isManual: issue.manual,
    sending: { ...(await sendingView(deps, issue, undefined, keptBack(issue))), isOpen: false, path },
    posts: issue.posts.map(({ title, url, section }) => ({
      title,
      url: url ?? null,
      section: titles.get(section) ?? section,
    })),
    editions: editions.map(({ key, language, sections, readers, htmlBytes, posts }) => ({
      key,
      name: sections.map((each) => titles.get(each) ?? each).join(', '),
      language,
      readers,
      bytes: htmlBytes,
      posts: posts.length,
      isChosen: key === chosen?.key,
    })),
    frame: chosen ? `${path}/frame?edition=${chosen.key}&scheme=${look.scheme}` : null,
    chosen: chosen?.key ?? '',
    look,
    states: [...DELIVERY_STATES, 'deferred' as const]
      .map((each) => ({ state: each, count: each === 'deferred' ? counts.deferred : counts[each] }))
      .filter(({ count }) => count > 0),
    listed: listed ?? null,
    rows: listed ? await rowsOf(deps, issue.id, listed) : [],
    mostRows: MOST_ROWS,
    fate: reader?.trim() ? await fateOf(deps, issue.id, reader.trim()) : null,
    asked: reader ?? '',
  };
}

async function rowsOf(deps: AppContext, issue: number, state: DeliveryState | 'deferred') {
  const rows: object[] = [];
  for await (const row of deps.store.ledger.deliveries(issue, [state])) {
    rows.push(rowView(row));
    if (rows.length >= MOST_ROWS) break;
  }
  return rows;
}

function rowView({ address, state, reason, attempts, doubts, reply, settledAt }: DeliveryRow) {
  return {
    address: maskedAddress(address),
    state,
    why: reason === undefined ? '' : SKIP_WORDS[reason],
    attempts,
    doubts,
    reply: reply ? `${reply.code ?? ''} ${reply.text.replaceAll(address, maskedAddress(address))}`.trim() : '',
    at: settledAt ?? null,
  };
}

/** Why one reader got it, or did not. */
async function fateOf(deps: AppContext, issue: number, given: string): Promise<object> {
  const key = addressFrom(given)?.key;
  const found = key === undefined ? undefined : await deps.store.audience.find(key);
  if (!found) return { row: null, text: 'Nobody with that address is known here.' };
  for await (const row of deps.store.ledger.deliveries(issue)) {
    if (row.subscriber === found.subscriber.id) return { row: rowView(row), text: '' };
  }
  return { row: null, text: 'This reader was not among the readers of this issue when it was frozen.' };
}

/** An edition as it left; the first one where none is named. */
export async function pastMail(
  deps: AppContext,
  newsletter: Newsletter,
  number: number,
  edition: string | undefined,
): Promise<RenderedMail | undefined> {
  const { editions } = await deps.sending.show(newsletter, number);
  const chosen = editions.find(({ key }) => key === edition) ?? editions[0];
  return chosen && (await deps.store.ledger.edition(chosen.id)).mail;
}
