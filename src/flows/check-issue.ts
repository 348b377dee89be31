/** Looks at the next issue as it stands, and says what an editor should mend before it leaves. It writes nothing (laws §5.2). */
import { clipText } from '../compose/clip-ladder.js';
import type { Edition } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import { type Finding, findingOf, mergedFindings, worstFirst } from '../domain/finding.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { EditionPlaces, Message, ReaderGroup, Store } from '../domain/ports.js';
import type { Selection } from '../domain/selection.js';
import { checkSelection } from './check-selection.js';
import { checkWeb } from './check-web.js';
import { type CollectOptions, type CollectReport, collectPosts } from './collect-posts.js';
import { type ComposedIssue, composeIssue, type Draft, draftIssue } from './draft-issue.js';
import { editionPlaces } from './edition-places.js';
import type { House } from './house.js';
import { occasionLookedAt } from './occasion-by-hand.js';
import { withScratch, writableGroups } from './plan-issue.js';
import { buildUnsent, type UnsentIssue } from './unsent-message.js';

export interface CheckRequest extends CollectOptions {
  readonly newsletter: Newsletter;
  /** The cut-off; when absent that of the next issue as it would be sent by hand. */
  readonly now?: Date;
  /** Follows every link and asks what every picture weighs. */
  readonly links?: boolean;
}

export interface CheckReport {
  readonly newsletter: string;
  /** Without an issue, a sample was looked at in its place. */
  readonly outcome: Selection['outcome'];
  /** The worst first. */
  readonly findings: readonly Finding[];
}

/** An issue that was composed, with what its posts were collected from. */
export interface ComposedDraft {
  readonly draft: Draft;
  readonly composed: ComposedIssue;
  readonly collected: Pick<CollectReport, 'broken' | 'failed' | 'suspicions'>;
}

const EVERYTHING: ReaderGroup = { wishes: '*' };

/** Checks every edition that readers would get and the full one; without an issue, the theme and the settings alone. */
export async function checkIssue(house: House, request: CheckRequest): Promise<CheckReport> {
  const { newsletter, links, signal } = request;
  const { draft, groups, collected } = await withScratch(house, (scratch) => gather(house, scratch, request));
  const { outcome } = draft.selection;
  const findings = await orThemeFindings(async () => {
    const composed = outcome === 'issue' ? await composeIssue(house, draft, [EVERYTHING, ...groups]) : NOTHING;
    return [
      ...(await house.checks.theme(newsletter.theme)),
      ...(await checkComposed(house, { draft, composed, collected })),
      ...(await strayArrangements(house, draft)),
      ...(links ? await checkWeb(house, draft, composed.editions, signal) : []),
    ];
  });
  return { newsletter: newsletter.id, outcome, findings: worstFirst(findings) };
}

async function gather(house: House, scratch: Store, request: CheckRequest) {
  const { newsletter } = request;
  const collected = await collectPosts(house, scratch, newsletter, request);
  const now = request.now ?? house.clock.now();
  const occasion = await occasionLookedAt(house, scratch, newsletter, request.now);
  const draft = await draftIssue(house, scratch, newsletter, occasion);
  const groups = writableGroups(await scratch.audience.groups(newsletter.id, now));
  return { collected, draft, groups };
}

const NOTHING: ComposedIssue = { editions: [], routes: [] };

/** Checks an issue as it was composed, without its theme: nothing is read or composed again. */
export async function checkComposed(house: House, issue: ComposedDraft): Promise<readonly Finding[]> {
  const { draft, composed } = issue;
  const { newsletter } = draft;
  const editions = composed.editions.length > 0 ? composed.editions : [await house.checks.sample(newsletter)];
  const where = editionPlaces(house, draft);
  const perEdition = [];
  for (const edition of editions) {
    const findings = [...shortenedEdition(edition, where), ...(await house.checks.edition(edition, newsletter, where))];
    perEdition.push({ name: nameOf(edition), findings });
  }
  return worstFirst([
    ...house.checks.sender(newsletter, where.setting),
    ...mergedFindings(perEdition),
    ...(await checkHeaders(house, draft, editions[0] as Edition)),
    ...checkSelection(issue, house.places),
  ]);
}

/** What cannot be printed is a finding like any other. */
async function orThemeFindings(check: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof GazetteError) || !error.code.startsWith('theme.')) throw error;
    const problems =
      error.problems.length > 0 ? error.problems : [{ where: error.where ?? 'templates', message: error.message }];
    return problems.map(({ where, message }) => findingOf('theme.invalid', { where, message, mend: error.hint }));
  }
}

async function strayArrangements(
  { arrangements }: House,
  { newsletter, occasion }: Draft,
): Promise<readonly Finding[]> {
  const strays = await arrangements.strays(newsletter, occasion.cutoff);
  return strays.map(({ where, message }) =>
    findingOf('arrangement.stray', { message, mend: 'Name it by the day of an issue, or take it away.', where }),
  );
}

/** As an editor tells editions apart: by language and sections. */
function nameOf({ language, sections }: Edition): string {
  return `${language}: ${sections.map(({ key }) => key).join(', ')}`;
}

function shortenedEdition({ clip }: Edition, where: EditionPlaces): readonly Finding[] {
  const shortened = clipText(clip);
  if (shortened === undefined) return [];
  const message = `The issue is too long for Gmail, so it is shortened: ${shortened}.`;
  const mend = 'Lower maxPosts, or leave it so: every post is still in it, at least as a link.';
  return [findingOf('size.shortened', { message, mend, where: where.setting('maxPosts') })];
}

const READER = { id: 0, address: 'reader@example.org', name: '' };

/** Builds a message as a reader would get it, and reads its header. */
async function checkHeaders(house: House, issue: UnsentIssue, edition: Edition): Promise<readonly Finding[]> {
  let message: Message;
  try {
    const unsent = { issue, edition, uid: house.newId() };
    message = await buildUnsent(house.messages, unsent, READER, house.clock.now());
  } catch (error) {
    if (!(error instanceof GazetteError) || error.code !== 'config.invalid') throw error;
    const where = house.places.setting(issue.newsletter.id, 'sender');
    return [findingOf('header.invalid', { message: error.message, mend: error.hint, where })];
  }
  return house.checks.message(message);
}
