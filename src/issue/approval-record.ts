/** The word of a person on one occurrence, as it is kept beside the ledger until the issue is forgotten (rule: approval). */
import { createHash } from 'node:crypto';
import type { ApprovedParts } from '../domain/approval.js';
import type { Newsletter } from '../domain/newsletter.js';
import { publicId } from '../domain/post.js';
import type { AppContext } from './app-context.js';
import { type Draft, fullDigest } from './draft.js';

/** `announced`: a notice is out, and it leaves unless somebody says no. */
export type Verdict = 'announced' | 'approved' | 'vetoed' | 'withdrawn';

export interface RecordedAnswer {
  readonly verdict: Verdict;
  /** Absent for a notice, which nobody says. */
  readonly by?: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface ApprovalRecord extends RecordedAnswer {
  /** Where the window of the issue ends, and when it was closed: what became news later waits. Epoch milliseconds. */
  readonly cutoffMs: number;
  readonly closedAt: number;
  readonly parts: ApprovedParts;
  /** What was said before, oldest first. */
  readonly earlier: readonly RecordedAnswer[];
}

export async function readRecord(
  { store }: AppContext,
  newsletter: Newsletter,
  occurrence: Date,
): Promise<ApprovalRecord | undefined> {
  return (await store.shared.read(keyOf(newsletter, occurrence))) as ApprovalRecord | undefined;
}

/** What a person said, and when. */
export interface GivenAnswer {
  readonly verdict: 'approved' | 'vetoed' | 'withdrawn';
  readonly by: string;
  readonly at: Date;
}

/** The last word of a person on an occurrence; `undefined` where nobody said any. */
export async function answerGivenOn(
  deps: AppContext,
  newsletter: Newsletter,
  occurrence: Date,
): Promise<GivenAnswer | undefined> {
  const { verdict, by, at } = (await readRecord(deps, newsletter, occurrence)) ?? { verdict: 'announced', at: 0 };
  return verdict === 'announced' || by === undefined ? undefined : { verdict, by, at: new Date(at) };
}

/** Keeps what is said after what was said; whoever is judging the occurrence judges again. */
export async function writeRecord(
  { store }: AppContext,
  newsletter: Newsletter,
  occurrence: Date,
  record: Omit<ApprovalRecord, 'earlier'>,
): Promise<void> {
  await store.shared.change(keyOf(newsletter, occurrence), (value) => {
    const before = value as ApprovalRecord | undefined;
    const earlier = before ? [...before.earlier, saidFrom(before)] : [];
    return { after: { ...record, earlier } satisfies ApprovalRecord, result: undefined };
  });
  await store.ledger.unsettle(newsletter.id);
}

function saidFrom({ verdict, by, at }: ApprovalRecord): RecordedAnswer {
  return { verdict, ...(by !== undefined && { by }), at };
}

function keyOf({ id }: Newsletter, occurrence: Date): string {
  return `approval ${id} ${occurrence.toISOString()}`;
}

/** What an editor is shown, and a name for it that is the same wherever it was read: a copy of the ledger has other uids. */
export interface ShownParts {
  readonly parts: ApprovedParts;
  readonly shown: string;
}

/** Everything an editor says yes to. Whatever a draft comes to carry is among its words, unless it is named here. */
export async function partsOf(deps: AppContext, draft: Draft): Promise<ShownParts> {
  const { history: _, target: __, number: ___, window: ____, newsletter, selection, compose, ...others } = draft;
  const { newsletter: _____, chosen, bodies: ______, arrangement, ...composed } = compose;
  // Where an arrangement is kept is shown to nobody; which posts it takes away and adds is seen by the posts.
  const { arrangement: _kept, ...carried } = others;
  const { pinned, order, sections: moved, leftOut: _leftOut, broughtIn: _broughtIn, ...written } = arrangement;
  const { title, language, timezone, categories, postalAddress, subject, sender, replyTo, theme } = newsletter;
  const { sections } = await fullDigest(deps, draft);
  const look = await deps.renderer.hashes(theme);
  const around = { title, language, timezone, categories, postalAddress, subject };
  const posts = chosen.map(({ uid, post }) => {
    // Where a post is kept is shown to nobody.
    const { place: _place, keys, source: _source, ...shown } = post;
    return { uid, id: publicId(keys), title: post.title, hash: hashOf(shown) };
  });
  const orderBy = (name: 'uid' | 'id') =>
    hashOf([sections.map((section) => [section.key, section.posts.map((post) => post[name])]), pinned, order, moved]);
  const rest = {
    words: hashOf([around, written, composed, carried, selection.heldOver, look.words]),
    sender: hashOf([sender, replyTo]),
    theme: hashOf([theme, look.theme]),
  };
  return {
    parts: {
      posts: posts.map(({ id: _id, ...post }) => post).sort((one, other) => (one.uid < other.uid ? -1 : 1)),
      order: orderBy('uid'),
      ...rest,
    },
    shown: hashOf([posts.map(({ id, hash }) => `${id} ${hash}`).sort(), orderBy('id'), rest]),
  };
}

/** Names a state of the content: equal hashes show the same. */
function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, replaceMaps)).digest('hex');
}

function replaceMaps(_key: string, value: unknown): unknown {
  return value instanceof Map || value instanceof Set ? [...value] : value;
}
