/** Who follows a link in a mail: the reader and the newsletter its token names. */
import type { Links } from '../audience/links.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { AudienceStore, Person } from '../domain/ports/audience.js';
import type { Newsletters } from './newsletters.js';

export interface ReaderLinksDeps {
  readonly links: Pick<Links, 'verify'>;
  readonly audience: Pick<AudienceStore, 'person'>;
  readonly newsletters: Pick<Newsletters, 'find' | 'first'>;
}

export interface LinkedReader {
  readonly newsletter: Newsletter;
  readonly person: Person;
}

export type ReaderLinks = ReturnType<typeof openReaderLinks>;

export function openReaderLinks({ links, audience, newsletters }: ReaderLinksDeps) {
  /** `undefined` when the token is not valid, or its reader has been erased. */
  async function readerFor(token: string): Promise<LinkedReader | undefined> {
    const ref = links.verify(token);
    const person = ref && (await audience.person(ref.subscriber));
    if (!person) return undefined;
    // Readers of a newsletter that was renamed or removed can still unsubscribe from it.
    const newsletter = newsletters.find(ref.newsletter) ?? newsletters.first();
    return { newsletter: { ...newsletter, id: ref.newsletter }, person };
  }

  return { verify: links.verify, readerFor };
}
