/** The link of a confirmation mail: the page only shows, its button confirms, once. */
import { tokenHash } from '../audience/tokens.js';
import type { NoticeName } from '../domain/page.js';
import type { AudienceStore } from '../domain/ports/audience.js';
import type { Log } from '../domain/ports/host.js';
import type { SignUpStore } from '../domain/ports/sign-ups.js';
import type { Confirmed, SignUp, SignUpPurpose } from '../domain/sign-up.js';
import type { Newsletters } from './newsletters.js';
import { noticePage, type Page } from './page.js';
import type { PublicSite } from './public-site.js';

export interface ConfirmDeps {
  readonly links: Pick<PublicSite['links'], 'preferencesUrl'>;
  readonly newsletters: Newsletters;
  readonly signUps: Pick<SignUpStore, 'find' | 'confirm'>;
  readonly audience: Pick<AudienceStore, 'find'>;
  readonly log: Log;
}

const PURPOSES: readonly SignUpPurpose[] = ['sign-up', 'change-address'];

export function openConfirmations({ links, newsletters, signUps, audience, log }: ConfirmDeps) {
  /** What the link shows; `undefined` for a token that is not valid. */
  async function show(token: string, now: Date): Promise<Page | undefined> {
    const found = await findSignUp(token);
    if (!found) return undefined;
    const { signUp, expiresAt, purpose } = found;
    if (signUp.confirmed) return resultPage(signUp, 'again');
    if (expiresAt <= now) return resultPage(signUp, 'expired');
    const newsletter = newsletters.find(signUp.newsletter);
    if (!newsletter) return undefined;
    const language = await newsletters.languageFor(newsletter, signUp.language);
    return { newsletter, language, view: { kind: 'confirm', purpose, address: signUp.address } };
  }

  /** Does what the mail asked for; the second time, says that it is done. */
  async function confirm(token: string, by: Confirmed): Promise<Page | undefined> {
    const found = await findSignUp(token);
    if (!found) return undefined;
    const { hash, purpose } = found;
    const result = await signUps.confirm(hash, purpose, by);
    if (result.kind === 'missing') return undefined;
    const { signUp } = result;
    if (result.kind === 'taken') return resultPage(signUp, 'address-taken');
    if (result.kind !== 'confirmed') return resultPage(signUp, result.kind);
    log.info('sign-up.confirmed', { newsletter: signUp.newsletter, purpose });
    const notice = purpose === 'sign-up' ? 'confirmed' : 'address-changed';
    return resultPage(signUp, notice, await preferencesPathOf(signUp));
  }

  /** Finds a token without writing: trying tokens at random locks no table. */
  async function findSignUp(token: string) {
    const hash = tokenHash(token);
    if (hash === undefined) return undefined;
    for (const purpose of PURPOSES) {
      const found = await signUps.find(hash, purpose);
      if (found) return { ...found, hash, purpose };
    }
    return undefined;
  }

  /** @param preferences only after the button was pressed, which proves the mailbox */
  async function resultPage(signUp: SignUp, notice: NoticeName, preferences: string | null = null): Promise<Page> {
    const newsletter = newsletters.find(signUp.newsletter) ?? newsletters.first();
    return noticePage(newsletter, notice, await newsletters.languageFor(newsletter, signUp.language), preferences);
  }

  async function preferencesPathOf(signUp: SignUp): Promise<string | null> {
    const { id } = newsletters.find(signUp.newsletter) ?? newsletters.first();
    const found = await audience.find(signUp.addressKey);
    return found ? new URL(links.preferencesUrl(id, found.subscriber.id)).pathname : null;
  }

  return { show, confirm };
}
