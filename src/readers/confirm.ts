/** Somebody follows the link of a confirmation mail. Looking changes nothing; pressing the button does, once. */

import type { AppContext } from '../app-context.js';
import { tokenHash } from '../audience/tokens.js';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { NoticeName } from '../domain/page.js';
import type { Confirmed, SignUp, SignUpPurpose } from '../domain/sign-up.js';
import { languageFor, type Page, pathsOf, publicSideOf } from './public-site.js';

const PURPOSES: readonly SignUpPurpose[] = ['sign-up', 'change-address'];

/** What the link shows; `undefined` for a token that is not ours. */
export async function showConfirm(deps: AppContext, token: string): Promise<Page | undefined> {
  const found = await findSignUp(deps, token);
  if (!found) return undefined;
  const { signUp, expiresAt, purpose } = found;
  if (signUp.confirmed) return noticePage(deps, signUp, 'again');
  if (expiresAt <= deps.clock.now()) return noticePage(deps, signUp, 'expired');
  const newsletter = deps.newsletters.get(signUp.newsletter);
  if (!newsletter) return undefined;
  const language = await languageFor(deps, newsletter, signUp.language);
  return { newsletter, language, view: { kind: 'confirm', purpose, address: signUp.address } };
}

/** Does what the mail asked for; a second time, says that it is done. */
export async function confirm(deps: AppContext, token: string, by: Omit<Confirmed, 'at'>): Promise<Page | undefined> {
  const found = await findSignUp(deps, token);
  if (!found) return undefined;
  const { hash, purpose } = found;
  const result = await deps.store.signUps.confirm(hash, purpose, { at: deps.clock.now(), ...by });
  if (result.kind === 'missing') return undefined;
  const { signUp } = result;
  if (result.kind === 'taken') return noticePage(deps, signUp, 'address-taken');
  if (result.kind !== 'confirmed') return noticePage(deps, signUp, result.kind);
  deps.log.info('sign-up.confirmed', { newsletter: signUp.newsletter, purpose });
  return noticePage(deps, signUp, purpose === 'sign-up' ? 'confirmed' : 'address-changed');
}

/** Looks a token up without a write: whoever tries tokens at random locks nobody out. */
async function findSignUp({ store }: AppContext, token: string) {
  const hash = tokenHash(token);
  if (hash === undefined) return undefined;
  for (const purpose of PURPOSES) {
    const found = await store.signUps.find(hash, purpose);
    if (found) return { ...found, hash, purpose };
  }
  return undefined;
}

async function noticePage(deps: AppContext, signUp: SignUp, notice: NoticeName): Promise<Page> {
  const newsletter = deps.newsletters.get(signUp.newsletter) ?? anyNewsletter(deps);
  const language = await languageFor(deps, newsletter, signUp.language);
  const known = notice === 'expired' ? undefined : await deps.store.audience.find(signUp.addressKey);
  const side = publicSideOf(deps);
  const token =
    known && new URL(side.links.preferencesUrl(newsletter.id, known.subscriber.id)).pathname.split('/').at(-1);
  const preferencesUrl = token === undefined ? null : pathsOf(side).preferences(token);
  // Only whoever pressed the button has shown that the mailbox is theirs.
  const isOwner = notice === 'confirmed' || notice === 'address-changed';
  return { newsletter, language, view: { kind: 'notice', notice, preferencesUrl: isOwner ? preferencesUrl : null } };
}

function anyNewsletter({ newsletters }: AppContext): Newsletter {
  for (const newsletter of newsletters.values()) return newsletter;
  throw new GazetteError('config.missing-newsletter', 'There is no newsletter.');
}

/** A page that only says something, in the look of the first newsletter; the same whatever was asked. */
export async function showNotice(deps: AppContext, notice: NoticeName): Promise<Page> {
  const newsletter = anyNewsletter(deps);
  return { newsletter, language: newsletter.language, view: { kind: 'notice', notice, preferencesUrl: null } };
}
