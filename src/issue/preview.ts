/** Shows the next issue as a reader would get it: the same road as sending, on a scratch store, with dead links. */
import { deadLinks } from '../audience/links.js';
import { addressFrom } from '../domain/address.js';
import { type CategoryPreferences, preferencesKey } from '../domain/category.js';
import { type Edition, fillSegments } from '../domain/edition.js';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { AudienceStore } from '../domain/ports/audience.js';
import type { Renderer } from '../domain/ports/content.js';
import type { ReaderGroup } from '../domain/ports/ledger.js';
import type { MailBuilder } from '../domain/ports/mail.js';
import type { PostHead } from '../domain/post.js';
import { nameInMail, type Subscriber } from '../domain/subscriber.js';
import type { CollectReport } from './collect.js';
import type { Draft } from './draft.js';
import { type Editions, issuePosts } from './editions.js';
import type { Look, LookRequest } from './look.js';
import { buildUnsent } from './preview-message.js';

/** Whose copy is shown: the full edition unless a wish or a reader is named (rule: issue-limits). */
export interface PreviewRequest extends LookRequest {
  readonly preferences?: CategoryPreferences;
  readonly language?: string;
  /** The address of a reader of the newsletter. */
  readonly reader?: string;
  /** Builds the message as a test mail to this address. */
  readonly testTo?: string;
}

export interface Preview {
  readonly number: number;
  readonly subject: string;
  readonly html: string;
  /** The posts it was made from. */
  readonly heads: readonly PostHead[];
  readonly text: string;
  readonly message: {
    readonly envelope: { from: string; to: string };
    readonly content: readonly Uint8Array[];
    readonly messageId: string;
  };
  readonly posts: readonly string[];
  readonly htmlBytes: number;
  readonly broken: CollectReport['broken'];
}

export type PreviewReport =
  | ({ readonly kind: 'preview' } & Preview)
  | { readonly kind: 'nothing-new' | 'too-few' | 'nothing-wished' };

export interface PreviewsDeps {
  readonly look: Look;
  readonly editions: Editions;
  readonly renderer: Pick<Renderer, 'measure'>;
  /** Builds messages whose links are dead (rule: dead-links). */
  readonly deadMailBuilder: MailBuilder;
  newId(): string;
}

export type Previews = ReturnType<typeof openPreviews>;

export function openPreviews({ look, editions, renderer, deadMailBuilder, newId }: PreviewsDeps) {
  function preview(request: PreviewRequest, now: Date): Promise<PreviewReport> {
    return look(request, now, async ({ draft, collected, at, audience }) => {
      const { outcome } = draft.selection;
      if (outcome !== 'issue') return { kind: outcome };
      const { subscriber, group } = await readerFor(audience, request);
      const [planned] = (await editions.plan(draft, [group])).editions;
      if (!planned) return { kind: 'nothing-wished' };
      const edition = await editions.render(draft, planned);
      return { kind: 'preview', ...(await fill(draft, edition, subscriber, at)), broken: collected.broken };
    });
  }

  /** Fills an edition for one subscriber, with dead links. */
  async function fill(
    draft: Draft,
    edition: Edition,
    subscriber: Subscriber,
    at: Date,
  ): Promise<Omit<Preview, 'broken'>> {
    const { newsletter, number } = draft;
    const values = {
      name: nameInMail(subscriber.name),
      address: subscriber.address,
      unsubscribeUrl: deadLinks.unsubscribeUrl(newsletter.id, 0),
      preferencesUrl: deadLinks.preferencesUrl(newsletter.id, 0),
      webUrl: deadLinks.webUrl(newsletter.id, number),
    };
    return {
      number,
      subject: fillSegments(edition.mail.subject, values),
      html: fillSegments(edition.mail.html, values),
      heads: draft.selection.chosen.map(({ post }) => post),
      text: fillSegments(edition.mail.text, values),
      message: await buildUnsent(deadMailBuilder, { issue: draft, edition, uid: newId() }, subscriber, at),
      posts: issuePosts(edition.sections).map(({ id }) => id),
      htmlBytes: renderer.measure(edition.mail),
    };
  }

  return { preview, fill };
}

type Audience = Pick<AudienceStore, 'find' | 'alreadySent'>;

interface ReaderOfPreview {
  readonly subscriber: Subscriber;
  readonly group: ReaderGroup;
}

/** The reader a preview is for, and the group they belong to. */
async function readerFor(audience: Audience, request: PreviewRequest): Promise<ReaderOfPreview> {
  const { newsletter, preferences, reader } = request;
  const language = request.language === undefined ? {} : { language: request.language };
  const address = request.testTo ?? 'reader@example.org';
  if (reader === undefined) {
    return {
      subscriber: { id: 0, address, name: '', ...language },
      group: { preferences: preferencesKey(preferences), ...language },
    };
  }
  return readerNamed(audience, newsletter, reader);
}

/** A reader of a newsletter by address, and the group a freeze would find them in. Throws `audience.missing`. */
export async function readerNamed(
  audience: Audience,
  newsletter: Newsletter,
  reader: string,
): Promise<ReaderOfPreview> {
  const found = await audience.find(addressFrom(reader)?.key ?? reader);
  const subscription = found?.subscriptions.find((each) => each.newsletter === newsletter.id);
  if (!found || !subscription) {
    throw new GazetteError('audience.missing', `“${newsletter.id}” has no reader with the address “${reader}”.`);
  }
  const { subscriber } = found;
  const own = subscriber.language === undefined ? {} : { language: subscriber.language };
  const alreadySent = await audience.alreadySent(newsletter.id, subscriber.id);
  return {
    subscriber,
    group: { preferences: preferencesKey(subscription.preferences), ...own, ...(alreadySent && { alreadySent }) },
  };
}
