/** Somebody follows the link of a confirmation mail. Looking changes nothing; pressing the button does, once. */
import { tokenHash } from '../audience/tokens.js';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { NoticeName } from '../domain/page.js';
import type { Confirmed, SignUp, SignUpPurpose } from '../domain/sign-up.js';
import type { House } from './house.js';
import { languageFor, type Page, pathsOf, publicSideOf } from './public-side.js';

const PURPOSES: readonly SignUpPurpose[] = ['sign-up', 'change-address'];

/** What the link shows; `undefined` for a token that is not ours. */
export async function showConfirm(house: House, token: string): Promise<Page | undefined> {
  const found = await findSignUp(house, token);
  if (!found) return undefined;
  const { signUp, expiresAt, purpose } = found;
  if (signUp.confirmed) return noticePage(house, signUp, 'again');
  if (expiresAt <= house.clock.now()) return noticePage(house, signUp, 'expired');
  const newsletter = house.newsletters.get(signUp.newsletter);
  if (!newsletter) return undefined;
  const language = await languageFor(house, newsletter, signUp.language);
  return { newsletter, language, view: { kind: 'confirm', purpose, address: signUp.address } };
}

/** Does what the mail asked for; a second time, says that it is done. */
export async function confirm(house: House, token: string, by: Omit<Confirmed, 'at'>): Promise<Page | undefined> {
  const found = await findSignUp(house, token);
  if (!found) return undefined;
  const { hash, purpose } = found;
  const result = await house.store.signUps.confirm(hash, purpose, { at: house.clock.now(), ...by });
  if (result.kind === 'missing') return undefined;
  const { signUp } = result;
  if (result.kind === 'taken') return noticePage(house, signUp, 'address-taken');
  if (result.kind !== 'confirmed') return noticePage(house, signUp, result.kind);
  house.log.info('sign-up.confirmed', { newsletter: signUp.newsletter, purpose });
  return noticePage(house, signUp, purpose === 'sign-up' ? 'confirmed' : 'address-changed');
}

/** Looks a token up without a write: whoever tries tokens at random locks nobody out. */
async function findSignUp({ store }: House, token: string) {
  const hash = tokenHash(token);
  if (hash === undefined) return undefined;
  for (const purpose of PURPOSES) {
    const found = await store.signUps.find(hash, purpose);
    if (found) return { ...found, hash, purpose };
  }
  return undefined;
}

async function noticePage(house: House, signUp: SignUp, notice: NoticeName): Promise<Page> {
  const newsletter = house.newsletters.get(signUp.newsletter) ?? anyNewsletter(house);
  const language = await languageFor(house, newsletter, signUp.language);
  const known = notice === 'expired' ? undefined : await house.store.audience.find(signUp.addressKey);
  const side = publicSideOf(house);
  const token =
    known && new URL(side.links.preferencesUrl(newsletter.id, known.subscriber.id)).pathname.split('/').at(-1);
  const preferencesUrl = token === undefined ? null : pathsOf(side).preferences(token);
  // Only whoever pressed the button has shown that the mailbox is theirs.
  const isOwner = notice === 'confirmed' || notice === 'address-changed';
  return { newsletter, language, view: { kind: 'notice', notice, preferencesUrl: isOwner ? preferencesUrl : null } };
}

function anyNewsletter({ newsletters }: House): Newsletter {
  for (const newsletter of newsletters.values()) return newsletter;
  throw new GazetteError('config.missing-newsletter', 'There is no newsletter.');
}

/** A page that only says something, in the look of the first newsletter; the same whatever was asked. */
export async function showNotice(house: House, notice: NoticeName): Promise<Page> {
  const newsletter = anyNewsletter(house);
  return { newsletter, language: newsletter.language, view: { kind: 'notice', notice, preferencesUrl: null } };
}
