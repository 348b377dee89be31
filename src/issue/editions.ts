/** The editions of a draft: which readers get which, composed once each and rendered to fit the clip. */
import { clipLadder, MOST_HTML_BYTES } from '../compose/clip-ladder.js';
import { arrangeSections, composeDigest, composePosts, editionKey } from '../compose/compose-digest.js';
import { headlineFrom } from '../compose/subject.js';
import { type TextByLanguage, textFor } from '../domain/arrangement.js';
import { type CategoryPreferences, preferencesFromKey } from '../domain/category.js';
import type { ClipLevel, Digest } from '../domain/digest.js';
import type { Edition } from '../domain/edition.js';
import type { Html } from '../domain/html.js';
import type { IssuePost } from '../domain/issue.js';
import { messagesFor } from '../domain/messages.js';
import type { CountedGroup } from '../domain/ports/audience.js';
import type { Messages, MessagesIn, Renderer } from '../domain/ports/content.js';
import type { ReaderGroup } from '../domain/ports/ledger.js';
import type { Draft } from './draft.js';

/** Readers who want every category, in the newsletter's language: they get the full edition. */
export const EVERYTHING: ReaderGroup = { preferences: '*' };

/** Which edition a group of readers gets; `undefined`: nothing they want is in the issue. */
export interface EditionRoute {
  readonly group: ReaderGroup;
  readonly edition: string | undefined;
}

interface Routed {
  /** What readers of everything would see, in the newsletter's language. */
  readonly full: Digest;
  readonly routes: readonly EditionRoute[];
}

/** The editions of a draft before they are rendered. */
export interface PlannedEditions extends Routed {
  readonly editions: readonly EditionPlan[];
}

export interface ComposedEditions extends Routed {
  readonly editions: readonly Edition[];
}

/** What one edition will show. */
export interface EditionPlan {
  readonly key: string;
  readonly preferences: CategoryPreferences;
  /** Posts that its readers were sent by another newsletter already (rule: frequency-change). */
  readonly alreadySent: ReadonlySet<string>;
  readonly messages: Messages;
  readonly digest: Digest;
}

export interface EditionsDeps {
  readonly renderer: Renderer;
  /** An editor's Markdown as clean HTML. Throws `config.invalid` with the place. */
  markdown(text: string, where: string): Promise<Html>;
  readonly messagesIn: MessagesIn;
}

export type Editions = ReturnType<typeof openEditions>;

const WHOLE: ClipLevel = { images: true, links: 0 };

export function openEditions(deps: EditionsDeps) {
  const { renderer, markdown, messagesIn } = deps;

  /** One edition for each distinct result of the groups' preferences (rule: edition-key). Renders nothing. */
  async function plan(draft: Draft, groups: readonly ReaderGroup[]): Promise<PlannedEditions> {
    const { newsletter, selection } = draft;
    const posts = composePosts(draft.compose, WHOLE);
    const editions = new Map<string, EditionPlan>();
    const routes: EditionRoute[] = [];
    for (const group of [...groups, EVERYTHING]) {
      const messages = await messagesFor(messagesIn, newsletter, group.language);
      const preferences = preferencesFromKey(group.preferences);
      const alreadySent = new Set(group.alreadySent?.uids);
      const mine = posts.filter(({ uid }) => !alreadySent.has(uid));
      const sections = arrangeSections(mine, newsletter, preferences);
      const key = editionKey(sections, messages.language);
      routes.push({ group, edition: sections.length === 0 ? undefined : key });
      if (editions.has(key) || sections.length === 0) continue;
      const digest = composeDigest(mine, newsletter, preferences, messages, WHOLE, selection.carriedOver);
      editions.set(key, { key, preferences, alreadySent, messages, digest });
    }
    const full = routes.pop()?.edition;
    const wanted = new Set(routes.map(({ edition }) => edition));
    return {
      editions: [...editions.values()].filter(({ key }) => wanted.has(key)),
      routes,
      full: (full === undefined ? undefined : editions.get(full)?.digest) ?? {
        sections: [],
        carriedOver: selection.carriedOver,
      },
    };
  }

  /** Composes and renders each edition once. */
  async function compose(draft: Draft, groups: readonly ReaderGroup[]): Promise<ComposedEditions> {
    const planned = await plan(draft, groups);
    const editions: Edition[] = [];
    for (const each of planned.editions) editions.push(await render(draft, each));
    return { ...planned, editions };
  }

  /** Renders an edition at the first level of the clip ladder that fits (rule: clip). */
  async function render(draft: Draft, edition: EditionPlan): Promise<Edition> {
    const { target, number, compose, selection, newsletter } = draft;
    const { key, preferences, alreadySent, messages } = edition;
    const { language, direction } = messages;
    const written = await editorsWords(draft, edition);
    const renderAt = async (clip: ClipLevel): Promise<Edition & { readonly fits: boolean }> => {
      const posts = composePosts(compose, clip).filter(({ uid }) => !alreadySent.has(uid));
      const isWhole = clip === WHOLE;
      const digest = isWhole
        ? edition.digest
        : composeDigest(posts, newsletter, preferences, messages, clip, selection.carriedOver);
      const issue = { number, date: target.occurrence };
      const mail = await renderer.render({ ...written, issue, digest, language }, draft);
      const fits = renderer.measure(mail) < MOST_HTML_BYTES;
      return { key, language, direction, sections: digest.sections, mail, clip, fits };
    };
    const [, ...shorter] = clipLadder(edition.digest);
    const whole = await renderAt(WHOLE);
    const { fits: _, ...rendered } = whole.fits || shorter.length === 0 ? whole : await firstFitting(shorter, renderAt);
    return rendered;
  }

  /** The editor's text for this issue wins over the newsletter's for all issues, which wins over what is made from posts. */
  async function editorsWords({ newsletter, compose, arrangement }: Draft, { digest, messages }: EditionPlan) {
    const written = (text: TextByLanguage | undefined) => textFor(text, messages.language, newsletter.language);
    const subject = written(compose.arrangement.subject)?.text;
    const introduction = written(compose.arrangement.introduction);
    const { subject: _, ...others } = newsletter;
    return {
      newsletter: subject === undefined ? newsletter : others,
      ...headlineFrom(digest, messages, subject),
      ...(introduction && {
        introduction: await markdown(introduction.text, arrangement?.file ?? ''),
        introductionLanguage: introduction.language,
      }),
    };
  }

  return { plan, compose, render };
}

/** Each level is no larger than the one before, so halving finds the first that fits; if none does, the last is taken. */
async function firstFitting<T extends { readonly fits: boolean }>(
  levels: readonly ClipLevel[],
  renderAt: (level: ClipLevel) => Promise<T>,
): Promise<T> {
  let low = 0;
  let high = levels.length - 1;
  let best = await renderAt(levels[high] as ClipLevel);
  while (low < high) {
    const middle = (low + high) >> 1;
    const tried = await renderAt(levels[middle] as ClipLevel);
    if (tried.fits) {
      best = tried;
      high = middle;
    } else low = middle + 1;
  }
  return best;
}

/** Groups with at least one reader who would get a mail: only they cost a rendering. */
export function writableGroups(groups: readonly CountedGroup[]): readonly CountedGroup[] {
  return groups.filter(({ skip }) => skip === undefined);
}

/** The ordered posts of the full edition, as the ledger names them. */
export function issuePosts(sections: Digest['sections']): readonly IssuePost[] {
  return sections.flatMap(({ key, posts }) =>
    posts.map(({ uid, id, title, url }) => ({ uid, id, title, ...(url !== undefined && { url }), section: key })),
  );
}
