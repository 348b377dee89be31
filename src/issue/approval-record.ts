/** The answer a person gave for one occurrence, kept beside the ledger until the issue is deleted (rule: approval). */
import { createHash } from 'node:crypto';
import { arrangeSections, orderPosts } from '../compose/compose-digest.js';
import type { ApprovedParts } from '../domain/approval.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Renderer } from '../domain/ports/content.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { Store } from '../domain/ports/storage.js';
import { publicId } from '../domain/post.js';
import type { Draft } from './draft.js';

/** `announced`: a notice is out, and the issue leaves unless somebody vetoes it. */
export type Verdict = 'announced' | 'approved' | 'vetoed' | 'withdrawn';

export interface RecordedAnswer {
  readonly verdict: Verdict;
  /** Absent for a notice. */
  readonly by?: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface ApprovalRecord extends RecordedAnswer {
  /** Where the window of the issue ends, and when it was closed: later news waits. Epoch milliseconds. */
  readonly cutoffMs: number;
  readonly closedAt: number;
  readonly parts: ApprovedParts;
  /** Earlier answers, oldest first. */
  readonly earlier: readonly RecordedAnswer[];
}

/** An answer a person gave, and when. */
export interface GivenAnswer {
  readonly verdict: 'approved' | 'vetoed' | 'withdrawn';
  readonly by: string;
  readonly at: Date;
}

/** What an editor is shown, and a name for it that is the same wherever it was read: a copy of the ledger has other uids. */
export interface ShownParts {
  readonly parts: ApprovedParts;
  readonly shown: string;
}

export interface ApprovalRecordsDeps {
  readonly store: Pick<Store, 'shared'> & { readonly ledger: Pick<Ledger, 'unsettle'> };
  readonly renderer: Pick<Renderer, 'hashes'>;
}

export type ApprovalRecords = ReturnType<typeof openApprovalRecords>;

export function openApprovalRecords({ store, renderer }: ApprovalRecordsDeps) {
  async function read(newsletter: Newsletter, occurrence: Date): Promise<ApprovalRecord | undefined> {
    return (await store.shared.read(keyOf(newsletter, occurrence))) as ApprovalRecord | undefined;
  }

  /** The last answer of a person on an occurrence; `undefined` where there is none. */
  async function answerGivenOn(newsletter: Newsletter, occurrence: Date): Promise<GivenAnswer | undefined> {
    const { verdict, by, at } = (await read(newsletter, occurrence)) ?? { verdict: 'announced', at: 0 };
    return verdict === 'announced' || by === undefined ? undefined : { verdict, by, at: new Date(at) };
  }

  /** Adds an answer to those given before; a process that is deciding about the occurrence decides again. */
  async function write(
    newsletter: Newsletter,
    occurrence: Date,
    record: Omit<ApprovalRecord, 'earlier'>,
  ): Promise<void> {
    await store.shared.change(keyOf(newsletter, occurrence), (value) => {
      const before = value as ApprovalRecord | undefined;
      const earlier = before ? [...before.earlier, answerIn(before)] : [];
      return { after: { ...record, earlier } satisfies ApprovalRecord, result: undefined };
    });
    await store.ledger.unsettle(newsletter.id);
  }

  /** Everything an approval covers. Whatever a draft comes to carry is among its words, unless it is named here. */
  async function partsOf(draft: Draft): Promise<ShownParts> {
    const { history: _, target: __, number: ___, window: ____, newsletter, selection, compose, ...others } = draft;
    const { newsletter: _____, chosen, bodies: ______, arrangement, ...composed } = compose;
    // The place of an arrangement is not shown to readers; which posts it excludes and adds is seen by the posts.
    const { arrangement: _kept, ...carried } = others;
    const { pinned, order, sections: moved, excluded: _excluded, added: _added, ...written } = arrangement;
    const {
      title,
      language,
      timezone,
      categories,
      postalAddress,
      subject,
      sender,
      replyTo,
      theme,
      look: own,
    } = newsletter;
    const sections = arrangeSections(orderPosts(compose), newsletter, undefined);
    const look = await renderer.hashes(theme);
    const around = { title, language, timezone, categories, postalAddress, subject };
    const posts = chosen.map(({ uid, post }) => {
      // The place of a post is not shown to readers.
      const { place: _place, keys, source: _source, ...shown } = post;
      return { uid, id: publicId(keys), title: post.title, hash: hashOf(shown) };
    });
    const orderBy = (name: 'uid' | 'id') =>
      hashOf([sections.map((section) => [section.key, section.posts.map((post) => post[name])]), pinned, order, moved]);
    const rest = {
      words: hashOf([around, written, composed, carried, selection.carriedOver, look.messages]),
      sender: hashOf([sender, replyTo]),
      theme: hashOf([theme, look.theme, ...(own ? [own] : [])]),
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

  return { read, write, answerGivenOn, partsOf };
}

function answerIn({ verdict, by, at }: ApprovalRecord): RecordedAnswer {
  return { verdict, ...(by !== undefined && { by }), at };
}

function keyOf({ id }: Newsletter, occurrence: Date): string {
  return `approval ${id} ${occurrence.toISOString()}`;
}

/** Names a state of the content: equal hashes show the same. */
function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, replaceMaps)).digest('hex');
}

function replaceMaps(_key: string, value: unknown): unknown {
  return value instanceof Map || value instanceof Set ? [...value] : value;
}
