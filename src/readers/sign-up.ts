/** The sign-up form and what it sends. The answer never tells whether an address is known. */
import { versionOf } from '../audience/tokens.js';
import { type Address, addressFrom } from '../domain/address.js';
import { knownKeys } from '../domain/category.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { SignUpView } from '../domain/page.js';
import type { SignUpStore } from '../domain/ports/sign-ups.js';
import { type Asked, LONGEST_USER_AGENT } from '../domain/sign-up.js';
import { nameAsGiven } from '../domain/subscriber.js';
import type { Newsletters } from './newsletters.js';
import { noticePage, type Page } from './page.js';
import type { PublicSite } from './public-site.js';

/** The fields of a form, as they came. */
export interface SignUpForm {
  readonly newsletter: string;
  readonly address: string;
  readonly name: string;
  readonly categories: readonly string[];
  /** A field that is hidden from people. */
  readonly trap: string;
  readonly stamp: string;
  readonly language?: string;
  readonly ip: string;
  readonly userAgent: string;
  /** Asked only for a form that would cause a mail, so that no other form counts against a mailbox. */
  mayMail(address: Address): boolean;
}

export type SignUpAnswer =
  | { readonly kind: 'asked' | 'again' | 'invalid'; readonly page: Page }
  /** Too many requests for that mailbox. */
  | { readonly kind: 'too-many' };

export interface SignUpDeps {
  readonly site: Pick<PublicSite, 'paths' | 'stamps'>;
  readonly newsletters: Newsletters;
  readonly signUps: Pick<SignUpStore, 'ask'>;
}

type Entered = Partial<Pick<SignUpView, 'address' | 'name' | 'problem'>> & { readonly chosen?: readonly string[] };

/** A person takes longer than this to fill in a form. */
const FASTEST_MS = 2_000;
const SLOWEST_MS = 24 * 60 * 60_000;
const PURPOSE = 'form';

export function openSignUpForms({ site: { paths, stamps }, newsletters, signUps }: SignUpDeps) {
  /** The form of a newsletter; `undefined` when there is no such newsletter. */
  async function show(id: string, language: string | undefined, now: Date): Promise<Page | undefined> {
    const newsletter = newsletters.find(id);
    return newsletter && formPage(newsletter, language, {}, now);
  }

  /** Stores a request until its address confirms it. The same for every address; `undefined`: no such newsletter. */
  async function submit(form: SignUpForm, now: Date): Promise<SignUpAnswer | undefined> {
    const newsletter = newsletters.find(form.newsletter);
    if (!newsletter) return undefined;
    const address = addressFrom(form.address);
    const chosen = knownKeys(newsletter.categories, form.categories);
    const name = nameAsGiven(form.name);
    const entered = { address: form.address.slice(0, 254), name, chosen };
    const again = (problem: 'address' | 'again') => formPage(newsletter, form.language, { ...entered, problem }, now);
    if (!address) return { kind: 'invalid', page: await again('address') };
    const isTrapped = form.trap !== '';
    if (!isTrapped && !isFilledByPerson(newsletter, form.stamp, now))
      return { kind: 'again', page: await again('again') };
    const language = await newsletters.offeredLanguage(newsletter, form.language);
    const page = noticePage(newsletter, 'check-mail', language);
    if (isTrapped) return { kind: 'asked', page };
    if (!form.mayMail(address)) return { kind: 'too-many' };
    const messages = await newsletters.messages(newsletter, language);
    await signUps.ask({
      purpose: 'sign-up',
      newsletter: newsletter.id,
      address: address.address,
      addressKey: address.key,
      name,
      language,
      preferences: chosen.length === 0 ? undefined : chosen,
      asked: askedBy(form, {
        at: now,
        form: paths.absolute(paths.signUp(newsletter.id)),
        text: messages.say('page.sign-up.consent', { newsletter: newsletter.title }),
      }),
    });
    return { kind: 'asked', page };
  }

  /** A form on another site has no stamp: its reader sees our own form once and sends that. */
  function isFilledByPerson({ id }: Newsletter, stamp: string, now: Date): boolean {
    const shownAt = stamps.read(PURPOSE, [id], stamp);
    const age = shownAt === undefined ? 0 : now.getTime() - shownAt.getTime();
    return age >= FASTEST_MS && age <= SLOWEST_MS;
  }

  async function formPage(
    newsletter: Newsletter,
    wanted: string | undefined,
    { address = '', name = '', chosen = [], problem = null }: Entered,
    now: Date,
  ): Promise<Page> {
    const language = await newsletters.offeredLanguage(newsletter, wanted);
    const view: SignUpView = {
      kind: 'sign-up',
      frequency: newsletters.frequency(newsletter, now),
      address,
      name,
      categories: await newsletters.categoryChoices(newsletter, chosen, language),
      isChosen: chosen.length > 0,
      problem,
      stamp: stamps.stamp(PURPOSE, [newsletter.id], now),
    };
    return { newsletter, language, view };
  }

  /** The language the form is shown in; `undefined`: no such newsletter. */
  async function languageFor(id: string, wanted?: string): Promise<string | undefined> {
    const newsletter = newsletters.find(id);
    return newsletter && newsletters.offeredLanguage(newsletter, wanted);
  }

  return { show, submit, languageFor };
}

/** The first half of the evidence of consent: who asked, where, and what the form said. */
export function askedBy(
  { ip, userAgent }: Pick<Asked, 'ip' | 'userAgent'>,
  asked: Pick<Asked, 'at' | 'form' | 'text'>,
): Asked {
  return { ...asked, textVersion: versionOf(asked.text), ip, userAgent: userAgent.slice(0, LONGEST_USER_AGENT) };
}
