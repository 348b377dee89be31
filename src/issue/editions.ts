/** The editions of a draft: which readers get which, composed once each and rendered to fit the clip. */

import { arrangeSections, composeDigest, composePosts, editionKey, postInForm } from '../compose/compose-digest.js';
import { MOST_HTML_BYTES, openShortening } from '../compose/shortening.js';
import { headlineFrom } from '../compose/subject.js';
import { type TextByLanguage, textFor } from '../domain/arrangement.js';
import { type CategoryPreferences, preferencesFromKey } from '../domain/category.js';
import type { SkipReason } from '../domain/delivery.js';
import { type Digest, type DigestPost, NOT_SHORTENED } from '../domain/digest.js';
import type { Edition, RenderedMail } from '../domain/edition.js';
import type { Html } from '../domain/html.js';
import type { IssuePost } from '../domain/issue.js';
import { messagesFor } from '../domain/messages.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { CountedGroup } from '../domain/ports/audience.js';
import type { Messages, MessagesIn, Renderer, RenderInput } from '../domain/ports/content.js';
import type { ReaderGroup } from '../domain/ports/ledger.js';
import type { Draft } from './draft.js';

/** Readers who want every category, in the newsletter's language: they get the full edition. */
export const EVERYTHING: ReaderGroup = { preferences: '*' };

/** Which edition a group of readers gets; `undefined`: nothing they want is in the issue. */
export interface EditionRoute {
  readonly group: ReaderGroup;
  readonly edition: string | undefined;
}

/** The editions of a draft before they are rendered. */
export interface PlannedEditions {
  /** What readers of everything would see, in the newsletter's language. */
  readonly full: Digest;
  readonly routes: readonly EditionRoute[];
  readonly editions: readonly EditionPlan[];
}

/** What one edition will show. There may be thousands: its posts are arranged again when they are needed. */
export interface EditionPlan {
  readonly key: string;
  readonly preferences: CategoryPreferences;
  /** Posts that its readers were sent by another newsletter already (rule: frequency-change). */
  readonly alreadySent: ReadonlySet<string>;
  readonly messages: Messages;
  /** The keys of its sections, in order. */
  readonly sections: readonly string[];
  /** How many posts it shows. */
  readonly posts: number;
}

export interface EditionsDeps {
  readonly renderer: Renderer;
  /** An editor's Markdown as clean HTML. Throws `config.invalid` with the place. */
  markdown(text: string, where: string): Promise<Html>;
  readonly messagesIn: MessagesIn;
}

export type Editions = ReturnType<typeof openEditions>;

const NOTHING: ReadonlySet<string> = new Set();
/** How many editions are made before others get a turn: about a millisecond each. */
const EDITIONS_A_TURN = 8;
const GROUPS_A_TURN = 100;
/** From so many groups on, a plan is worth keeping for the next draft: a save in the studio mostly changes none of it. */
const MANY_GROUPS = 100;

export function openEditions(deps: EditionsDeps) {
  const { renderer, markdown, messagesIn } = deps;

  /** The latest plan for many groups. */
  let latest: { readonly basis: readonly unknown[]; readonly routing: Routing } | undefined;

  /** One edition for each distinct result of the groups' preferences (rule: edition-key). Renders nothing. */
  async function plan(draft: Draft, groups: readonly ReaderGroup[]): Promise<PlannedEditions> {
    const { newsletter, selection, compose } = draft;
    const posts = composePosts(compose);
    const languages = [...new Set([EVERYTHING.language, ...groups.map(({ language }) => language)])];
    const messages = new Map<string | undefined, Messages>();
    for (const language of languages) messages.set(language, await messagesFor(messagesIn, newsletter, language));
    const planOf = planner(posts, newsletter, messages);
    const everything = planOf(EVERYTHING);
    const full = everything ? digestOf(draft, everything) : { sections: [], carriedOver: selection.carriedOver };
    const basis = [newsletter, ...messages.values(), textOfBasis(posts, groups)];
    const isKnown = latest?.basis.length === basis.length && latest.basis.every((each, nth) => each === basis[nth]);
    const routing = (isKnown && latest?.routing) || (await routed(planOf, groups));
    if (groups.length >= MANY_GROUPS) latest = { basis, routing };
    const routes = groups.map((group, nth) => ({ group, edition: routing.keys[nth] }));
    return { editions: routing.editions, routes, full };
  }

  /** Renders editions one after another; others get a turn in between. What they share is rendered once (rule: pieces). */
  async function* rendered(draft: Draft, editions: readonly EditionPlan[]): AsyncGenerator<Edition> {
    for (const [index, each] of editions.entries()) {
      yield await render(draft, each);
      if (index % EDITIONS_A_TURN === 0) await othersTurn();
    }
  }

  /** Renders an edition, shortened as far as it must be (rule: clip). */
  async function render(draft: Draft, edition: EditionPlan): Promise<Edition> {
    const { target, number, compose, newsletter } = draft;
    const { key, messages } = edition;
    const { language, direction } = messages;
    const whole = digestOf(draft, edition);
    const written = await editorsWords(draft, messages);
    const input = { ...written, ...headlineFrom(whole, messages, written.ownSubject), language };
    const issue = { number, date: target.occurrence };
    const print = (digest: Digest) => renderer.render({ ...input, issue, digest }, draft);
    const excessOf = (printed: RenderedMail) => renderer.measure(printed) + 1 - MOST_HTML_BYTES;
    let mail = await print(whole);
    if (excessOf(mail) <= 0) return { key, language, direction, sections: whole.sections, mail, clip: NOT_SHORTENED };

    const bytesOf = await renderer.weighing(newsletter.theme);
    const posts = whole.sections.flatMap((section) => section.posts);
    const shortening = openShortening(posts, (post, form) => postInForm(compose, post, form), bytesOf);
    let digest = whole;
    for (let excess = excessOf(mail); excess > 0 && shortening.save(excess); excess = excessOf(mail)) {
      const sections = whole.sections.map((section) => ({ ...section, posts: section.posts.map(shortening.formOf) }));
      digest = { ...whole, sections };
      mail = await print(digest);
    }
    return { key, language, direction, sections: digest.sections, mail, clip: shortening.level() };
  }

  /** The editor's text for this issue wins over the newsletter's for all issues, which wins over what is made from posts. */
  function editorsWords(draft: Draft, messages: Messages): Promise<EditorsWords> {
    const ofDraft = words.get(draft) ?? new Map<string, Promise<EditorsWords>>();
    words.set(draft, ofDraft);
    const kept = ofDraft.get(messages.language) ?? readWords(draft, messages);
    ofDraft.set(messages.language, kept);
    return kept;
  }

  async function readWords({ newsletter, compose, arrangement }: Draft, messages: Messages): Promise<EditorsWords> {
    const written = (text: TextByLanguage | undefined) => textFor(text, messages.language, newsletter.language);
    const subject = written(compose.arrangement.subject)?.text;
    const introduction = written(compose.arrangement.introduction);
    const { subject: _, ...others } = newsletter;
    return {
      newsletter: subject === undefined ? newsletter : others,
      ownSubject: subject,
      ...(introduction && {
        introduction: await markdown(introduction.text, arrangement?.file ?? ''),
        introductionLanguage: introduction.language,
      }),
    };
  }

  return { plan, rendered, render };
}

/** Which edition each of some groups gets, by the place of the group. */
interface Routing {
  readonly keys: readonly (string | undefined)[];
  readonly editions: readonly EditionPlan[];
}

type Planner = (group: ReaderGroup) => EditionPlan | undefined;

async function routed(planOf: Planner, groups: readonly ReaderGroup[]): Promise<Routing> {
  const editions = new Map<string, EditionPlan>();
  const keys: (string | undefined)[] = [];
  for (const [nth, group] of groups.entries()) {
    const planned = planOf(group);
    keys.push(planned?.key);
    if (planned && !editions.has(planned.key)) editions.set(planned.key, planned);
    if (nth % GROUPS_A_TURN === GROUPS_A_TURN - 1) await othersTurn();
  }
  return { keys, editions: [...editions.values()] };
}

/** Tells what a group gets of these posts. */
function planner(
  posts: readonly DigestPost[],
  newsletter: Newsletter,
  languages: ReadonlyMap<string | undefined, Messages>,
): Planner {
  return ({ language, preferences: written, alreadySent: sent }) => {
    const messages = languages.get(language) as Messages;
    const preferences = preferencesFromKey(written);
    const alreadySent = sent ? new Set(sent.uids) : NOTHING;
    const mine = sent ? posts.filter(({ uid }) => !alreadySent.has(uid)) : posts;
    const sections = arrangeSections(mine, newsletter, preferences);
    if (sections.length === 0) return undefined;
    const key = editionKey(sections, messages.language);
    const count = sections.reduce((sum, { posts: { length } }) => sum + length, 0);
    return { key, preferences, alreadySent, messages, sections: sections.map((each) => each.key), posts: count };
  };
}

/** What a plan rests on besides its newsletter and languages: a saved text changes none of it. */
function textOfBasis(posts: readonly DigestPost[], groups: readonly ReaderGroup[]): string {
  return JSON.stringify([
    posts.map(({ uid, categories }) => [uid, categories]),
    groups.map(({ preferences, language, alreadySent }) => [preferences, language, alreadySent?.key]),
  ]);
}

function othersTurn(): Promise<void> {
  return new Promise((resume) => setImmediate(resume));
}

interface EditorsWords extends Pick<RenderInput, 'newsletter' | 'introduction' | 'introductionLanguage'> {
  readonly ownSubject: string | undefined;
}

/** By draft and language: editions of an issue share them. */
const words = new WeakMap<Draft, Map<string, Promise<EditorsWords>>>();

/** What an edition shows, with every post whole. */
export function digestOf({ newsletter, selection, compose }: Draft, plan: EditionPlan): Digest {
  const { alreadySent, preferences, messages } = plan;
  const posts = composePosts(compose).filter(({ uid }) => !alreadySent.has(uid));
  return composeDigest(posts, newsletter, preferences, messages, selection.carriedOver);
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

/** How many readers a plan reaches, and why others get no mail. */
export interface CountedReaders {
  /** Every active reader of the newsletter. */
  readonly total: number;
  /** Those who would get a mail. */
  readonly planned: number;
  readonly skipped: { readonly [reason in SkipReason]?: number };
  readonly byEdition: ReadonlyMap<string, number>;
}

/** Counts readers by the edition they would get. */
export function countReaders(
  groups: readonly CountedGroup[],
  { routes }: Pick<PlannedEditions, 'routes'>,
): CountedReaders {
  const editions = new Map(routes.map(({ group, edition }) => [group, edition]));
  const skipped: { [reason in SkipReason]?: number } = {};
  const byEdition = new Map<string, number>();
  let total = 0;
  let planned = 0;
  for (const group of groups) {
    total += group.count;
    const edition = editions.get(group);
    const reason = group.skip ?? (editions.has(group) && edition === undefined ? 'nothing-wished' : undefined);
    if (reason) skipped[reason] = (skipped[reason] ?? 0) + group.count;
    else if (edition !== undefined) {
      planned += group.count;
      byEdition.set(edition, (byEdition.get(edition) ?? 0) + group.count);
    }
  }
  return { total, planned, skipped, byEdition };
}
