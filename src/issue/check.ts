/** Checks the next issue as it is now, and says what an editor should fix before it is sent. It writes nothing (rule: looking-changes-nothing). */
import { clipText } from '../compose/clip-ladder.js';
import { type ClipLevel, NOT_SHORTENED } from '../domain/digest.js';
import type { Edition } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import { type Finding, findingOf, MOST_EXAMPLES, openMergedFindings, worstFirst } from '../domain/finding.js';
import type { Arrangements, EditionPlaces, Source } from '../domain/ports/content.js';
import type { Clock } from '../domain/ports/host.js';
import type { MailBuilder, Message } from '../domain/ports/mail.js';
import type { Selection } from '../domain/selection.js';
import { checkOmissions } from './check-omissions.js';
import { type ComposedDraft, checkSelection } from './check-selection.js';
import { type CheckWebDeps, checkWeb } from './check-web.js';
import type { Draft } from './draft.js';
import { editionPlaces } from './edition-places.js';
import { type Editions, EVERYTHING, writableGroups } from './editions.js';
import type { Look, LookRequest } from './look.js';
import { buildUnsent, type UnsentIssue } from './preview-message.js';

export interface CheckRequest extends LookRequest {
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

export interface IssueChecksDeps extends CheckWebDeps {
  readonly look: Look;
  readonly editions: Editions;
  readonly sources: ReadonlyMap<string, Pick<Source, 'omissions' | 'picture'>>;
  readonly arrangements: Pick<Arrangements, 'strays'>;
  readonly mailBuilder: MailBuilder;
  readonly clock: Pick<Clock, 'now'>;
  newId(): string;
}

export type IssueChecks = ReturnType<typeof openIssueChecks>;

export function openIssueChecks(deps: IssueChecksDeps) {
  const { look, editions, sources, arrangements, checks, places, mailBuilder, clock, newId } = deps;

  /** Checks every edition that readers would get and the full one; without an issue, the theme and the settings alone. */
  async function check(request: CheckRequest): Promise<CheckReport> {
    const { newsletter, links, signal } = request;
    const looked = await look({ ...request, everyPost: true }, async ({ audience: _, ...rest }) => rest);
    const { draft, groups, collected } = looked;
    const { outcome } = draft.selection;
    const findings = await orThemeFindings(async () => {
      const readers = outcome === 'issue' ? [EVERYTHING, ...writableGroups(groups)] : [];
      const { editions: plans } = await editions.plan(draft, readers);
      return [
        ...(await checks.theme(newsletter.theme)),
        ...(await checkComposed({ draft, editions: editions.rendered(draft, plans), collected })),
        ...(await strayArrangements(draft)),
        ...(links ? await checkWeb(deps, draft, editions.rendered(draft, plans), signal) : []),
      ];
    });
    return { newsletter: newsletter.id, outcome, findings: worstFirst(findings) };
  }

  /** Checks an issue as it was composed, without its theme: nothing is read or composed again. */
  async function checkComposed(issue: ComposedDraft): Promise<readonly Finding[]> {
    const { draft } = issue;
    const { newsletter } = draft;
    const where = editionPlaces(places, draft);
    const merged = openMergedFindings();
    const shortened = openShortened();
    let first: Edition | undefined;
    const check = async (edition: Edition): Promise<void> => {
      first ??= edition;
      shortened.add(edition);
      merged.add(nameOf(edition), await checks.edition(edition, newsletter, where));
    };
    for await (const edition of issue.editions) await check(edition);
    if (!first) await check(await checks.sample(newsletter));
    return worstFirst([
      ...checks.sender(newsletter, where.setting),
      ...merged.findings(),
      ...shortened.findings(where),
      ...(await checkHeaders(draft, first as unknown as Edition)),
      ...checkSelection(issue, places),
      ...(await checkOmissions(sources, draft.selection.chosen)),
    ]);
  }

  async function strayArrangements({ newsletter, target }: Draft): Promise<readonly Finding[]> {
    const strays = await arrangements.strays(newsletter, target.cutoff);
    return strays.map(({ where, message }) =>
      findingOf('arrangement.stray', { message, fix: 'Name it by the day of an issue, or take it away.', where }),
    );
  }

  /** Builds a message as a reader would get it, and reads its header. */
  async function checkHeaders(issue: UnsentIssue, edition: Edition): Promise<readonly Finding[]> {
    let message: Message;
    try {
      message = await buildUnsent(mailBuilder, { issue, edition, uid: newId() }, READER, clock.now());
    } catch (error) {
      if (!(error instanceof GazetteError) || error.code !== 'config.invalid') throw error;
      const where = places.setting(issue.newsletter.id, 'sender');
      return [findingOf('header.invalid', { message: error.message, fix: error.hint, where })];
    }
    return checks.message(message);
  }

  return { check, checkComposed };
}

const READER = { id: 0, address: 'reader@example.org', name: '' };

/** What cannot be printed is a finding like any other. */
async function orThemeFindings(check: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof GazetteError) || !error.code.startsWith('theme.')) throw error;
    const problems =
      error.problems.length > 0 ? error.problems : [{ where: error.where ?? 'templates', message: error.message }];
    return problems.map(({ where, message }) => findingOf('theme.invalid', { where, message, fix: error.hint }));
  }
}

/** As an editor tells editions apart: by language and sections. */
function nameOf({ language, sections }: Edition): string {
  return `${language}: ${sections.map(({ key }) => key).join(', ')}`;
}

/** Which editions are shortened: one finding for all of them, which tells how far at most. */
function openShortened() {
  const names: string[] = [];
  let [all, count] = [0, 0];
  let most = NOT_SHORTENED;
  const lost = ({ excerpts, pictures, links }: ClipLevel) => excerpts + pictures + links;
  return {
    add(edition: Edition): void {
      all += 1;
      if (lost(edition.clip) === 0) return;
      count += 1;
      if (names.length < MOST_EXAMPLES) names.push(nameOf(edition));
      if (lost(edition.clip) > lost(most)) most = edition.clip;
    },
    findings(where: EditionPlaces): readonly Finding[] {
      if (count === 0) return [];
      const message = `The issue is too long for Gmail, so it is shortened: ${count === 1 ? '' : 'up to '}${clipText(most)}.`;
      const fix = 'Lower maxPosts, or leave it so: every post is still in it, at least as a link.';
      const finding = findingOf('size.shortened', { message, fix, where: where.setting('maxPosts') });
      return [count === all ? finding : { ...finding, editions: names, editionCount: count }];
    },
  };
}
