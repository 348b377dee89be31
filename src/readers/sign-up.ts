/** Somebody wants to read: the form, and what comes of it. The answer never tells whether an address is known. */

import type { AppContext } from '../app-context.js';
import { versionOf } from '../audience/tokens.js';
import { type Address, addressFrom } from '../domain/address.js';
import { messagesFor } from '../domain/messages.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { SignUpView } from '../domain/page.js';
import { nameAsGiven } from '../domain/subscriber.js';
import {
  choicesFor,
  frequencyOf,
  knownCategories,
  offeredLanguage,
  type Page,
  pathsOf,
  publicSideOf,
} from './public-site.js';

/** What a form brought. Texts are as they came. */
export interface SignUpForm {
  readonly newsletter: string;
  readonly address: string;
  readonly name: string;
  readonly categories: readonly string[];
  /** A field no person sees. */
  readonly trap: string;
  readonly stamp: string;
  readonly language?: string;
  readonly ip: string;
  readonly userAgent: string;
  /** Asked only for a form that would bring a mail, so that no other form uses up what a mailbox may get. */
  mayMail(address: Address): boolean;
}

export type SignUpAnswer =
  | { readonly kind: 'asked' | 'again' | 'invalid'; readonly page: Page }
  /** That mailbox was asked too often of late. */
  | { readonly kind: 'too-many' };

/** A person takes longer than this to fill in a form. */
const FASTEST_MS = 2_000;
const SLOWEST_MS = 24 * 60 * 60_000;
const PURPOSE = 'form';
const LONGEST_USER_AGENT = 300;

/** The form of a newsletter; `undefined` when there is no such newsletter. */
export async function showSignUp(deps: AppContext, newsletter: string, language?: string): Promise<Page | undefined> {
  const found = deps.newsletters.get(newsletter);
  return found && formPage(deps, found, language, {});
}

/** Keeps a request until its address confirms it. The same for every address there is; `undefined`: no such newsletter. */
export async function signUp(deps: AppContext, form: SignUpForm): Promise<SignUpAnswer | undefined> {
  const newsletter = deps.newsletters.get(form.newsletter);
  if (!newsletter) return undefined;
  const address = addressFrom(form.address);
  const wishes = knownCategories(newsletter, form.categories);
  const name = nameAsGiven(form.name);
  const entered = { address: form.address.slice(0, 254), name, chosen: wishes };
  if (!address)
    return {
      kind: 'invalid',
      page: await formPage(deps, newsletter, form.language, { ...entered, problem: 'address' }),
    };
  if (form.trap === '' && !isFilledByPerson(deps, newsletter, form.stamp))
    return { kind: 'again', page: await formPage(deps, newsletter, form.language, { ...entered, problem: 'again' }) };
  const language = await offeredLanguage(deps, newsletter, form.language);
  const page: Page = { newsletter, language, view: { kind: 'notice', notice: 'check-mail', preferencesUrl: null } };
  if (form.trap !== '') return { kind: 'asked', page };
  if (!form.mayMail(address)) return { kind: 'too-many' };
  const text = (await messagesFor(deps.messagesIn, newsletter, language)).say('page.sign-up.consent', {
    newsletter: newsletter.title,
  });
  const side = publicSideOf(deps);
  await deps.store.signUps.ask({
    purpose: 'sign-up',
    newsletter: newsletter.id,
    address: address.address,
    addressKey: address.key,
    name,
    language,
    wishes: wishes.length === 0 ? undefined : wishes,
    asked: {
      at: deps.clock.now(),
      form: pathsOf(side).absolute(pathsOf(side).signUp(newsletter.id)),
      text,
      textVersion: versionOf(text),
      ip: form.ip,
      userAgent: form.userAgent.slice(0, LONGEST_USER_AGENT),
    },
  });
  return { kind: 'asked', page };
}

/** A form put into another site has no stamp: its reader looks over our own form once, and sends that. */
function isFilledByPerson(deps: AppContext, { id }: Newsletter, stamp: string): boolean {
  const made = publicSideOf(deps).stamps.read(PURPOSE, [id], stamp);
  const age = made === undefined ? 0 : deps.clock.now().getTime() - made.getTime();
  return age >= FASTEST_MS && age <= SLOWEST_MS;
}

async function formPage(
  deps: AppContext,
  newsletter: Newsletter,
  wanted: string | undefined,
  entered: {
    readonly address?: string;
    readonly name?: string;
    readonly chosen?: readonly string[];
    readonly problem?: SignUpView['problem'];
  },
): Promise<Page> {
  const language = await offeredLanguage(deps, newsletter, wanted);
  const { address = '', name = '', chosen = [], problem = null } = entered;
  const view: SignUpView = {
    kind: 'sign-up',
    frequency: frequencyOf(deps, newsletter),
    address,
    name,
    categories: await choicesFor(deps, newsletter, chosen, language),
    isChosen: chosen.length > 0,
    problem,
    stamp: publicSideOf(deps).stamps.stamp(PURPOSE, [newsletter.id], deps.clock.now()),
  };
  return { newsletter, language, view };
}
