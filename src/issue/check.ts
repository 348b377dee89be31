/** Looks at the next issue as it stands, and says what an editor should mend before it leaves. It writes nothing (rule: looking-changes-nothing). */
import { clipText } from '../compose/clip-ladder.js';
import type { Edition } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import { type Finding, findingOf, mergedFindings, worstFirst } from '../domain/finding.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { EditionPlaces } from '../domain/ports/content.js';
import type { Message } from '../domain/ports/mail.js';
import type { ReaderGroup, Store } from '../domain/ports/storage.js';
import type { Selection } from '../domain/selection.js';
import type { AppContext } from './app-context.js';
import { checkSelection } from './check-selection.js';
import { checkWeb } from './check-web.js';
import { type CollectOptions, type CollectReport, collectPosts } from './collect.js';
import { type ComposedIssue, composeIssue, type Draft, draftIssue } from './draft.js';
import { editionPlaces } from './edition-places.js';
import { withScratch, writableGroups } from './plan.js';
import { buildUnsent, type UnsentIssue } from './preview-message.js';
import { targetForLooking } from './target.js';

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
export async function checkIssue(deps: AppContext, request: CheckRequest): Promise<CheckReport> {
  const { newsletter, links, signal } = request;
  const { draft, groups, collected } = await withScratch(deps, (scratch) => gather(deps, scratch, request));
  const { outcome } = draft.selection;
  const findings = await orThemeFindings(async () => {
    const composed = outcome === 'issue' ? await composeIssue(deps, draft, [EVERYTHING, ...groups]) : NOTHING;
    return [
      ...(await deps.checks.theme(newsletter.theme)),
      ...(await checkComposed(deps, { draft, composed, collected })),
      ...(await strayArrangements(deps, draft)),
      ...(links ? await checkWeb(deps, draft, composed.editions, signal) : []),
    ];
  });
  return { newsletter: newsletter.id, outcome, findings: worstFirst(findings) };
}

async function gather(deps: AppContext, scratch: Store, request: CheckRequest) {
  const { newsletter } = request;
  const collected = await collectPosts(deps, scratch, newsletter, request);
  const now = request.now ?? deps.clock.now();
  const target = await targetForLooking(deps, scratch, newsletter, request.now);
  const draft = await draftIssue(deps, scratch, newsletter, target);
  const groups = writableGroups(await scratch.audience.groups(newsletter.id, now));
  return { collected, draft, groups };
}

const NOTHING: ComposedIssue = { editions: [], routes: [] };

/** Checks an issue as it was composed, without its theme: nothing is read or composed again. */
export async function checkComposed(deps: AppContext, issue: ComposedDraft): Promise<readonly Finding[]> {
  const { draft, composed } = issue;
  const { newsletter } = draft;
  const editions = composed.editions.length > 0 ? composed.editions : [await deps.checks.sample(newsletter)];
  const where = editionPlaces(deps, draft);
  const perEdition = [];
  for (const edition of editions) {
    const findings = [...shortenedEdition(edition, where), ...(await deps.checks.edition(edition, newsletter, where))];
    perEdition.push({ name: nameOf(edition), findings });
  }
  return worstFirst([
    ...deps.checks.sender(newsletter, where.setting),
    ...mergedFindings(perEdition),
    ...(await checkHeaders(deps, draft, editions[0] as Edition)),
    ...checkSelection(issue, deps.places),
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
  { arrangements }: AppContext,
  { newsletter, target }: Draft,
): Promise<readonly Finding[]> {
  const strays = await arrangements.strays(newsletter, target.cutoff);
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
async function checkHeaders(deps: AppContext, issue: UnsentIssue, edition: Edition): Promise<readonly Finding[]> {
  let message: Message;
  try {
    const unsent = { issue, edition, uid: deps.newId() };
    message = await buildUnsent(deps.messages, unsent, READER, deps.clock.now());
  } catch (error) {
    if (!(error instanceof GazetteError) || error.code !== 'config.invalid') throw error;
    const where = deps.places.setting(issue.newsletter.id, 'sender');
    return [findingOf('header.invalid', { message: error.message, mend: error.hint, where })];
  }
  return deps.checks.message(message);
}
