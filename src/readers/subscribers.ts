/** What an operator does to one reader, or to one address that must not be written to. */

import type { AppContext } from '../app-context.js';
import { addressFrom } from '../domain/address.js';
import { type CategoryPreferences, OTHER } from '../domain/category.js';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { AddResult, Person, SuppressedAddress } from '../domain/ports/storage.js';
import { dataOf, erasePerson } from './preferences.js';
import { knownCategories, publicSideOf } from './public-site.js';

export interface AddRequest {
  readonly newsletter: Newsletter;
  readonly address: string;
  readonly name?: string;
  readonly language?: string;
  /** Absent: everything. */
  readonly categories?: readonly string[];
  /** How the reader agreed; without it nobody is added (GDPR Art. 7(1)). */
  readonly consentSource: string;
}

export interface OneAdded {
  readonly address: string;
  readonly newsletter: string;
  readonly outcome: keyof AddResult;
}

/** Adds one reader. Throws `address.invalid`, or `usage` for a category there is not. */
export async function addSubscriber(deps: AppContext, request: AddRequest): Promise<OneAdded> {
  const { newsletter, categories, consentSource, name = '', language } = request;
  const address = readAddress(request.address);
  const wishes: CategoryPreferences = categories && knownCategories(newsletter, categories);
  if (categories && wishes?.length !== new Set(categories).size) {
    const known = [...newsletter.categories.map(({ key }) => key), OTHER].join(', ');
    throw new GazetteError('usage', `“${newsletter.id}” has no such category.`, { hint: `It has: ${known}.` });
  }
  if (await isErased(deps, address.key))
    throw new GazetteError('usage', 'Who had this address asked to be erased.', {
      hint: 'They may sign up again by themselves, on the form.',
    });
  const now = deps.clock.now();
  const row = { address: address.address, addressKey: address.key, name, wishes, state: 'active' } as const;
  const consent = { source: consentSource, at: now };
  const counts = await deps.store.audience.add(
    newsletter.id,
    [{ ...row, consent, ...(language && { language }) }],
    now,
  );
  const outcomes = ['added', 'updated', 'unchanged', 'suppressed', 'unsubscribed'] as const;
  const outcome = outcomes.find((each) => counts[each] > 0) ?? 'unchanged';
  return { address: address.address, newsletter: newsletter.id, outcome };
}

/** Ends the subscription of an address to a newsletter, or to all when none is named; the newsletters it ended. */
export async function removeSubscriber(
  deps: AppContext,
  address: string,
  newsletter?: string,
): Promise<readonly string[]> {
  const { subscriber, subscriptions } = await personNamed(deps, address);
  const ended: string[] = [];
  for (const each of subscriptions) {
    if (newsletter !== undefined && each.newsletter !== newsletter) continue;
    if (await deps.store.audience.unsubscribe(each.newsletter, subscriber.id)) ended.push(each.newsletter);
  }
  return ended;
}

/** Everything kept about an address, the evidence of consent with it. */
export async function showSubscriber(deps: AppContext, address: string) {
  return dataOf(deps, await personNamed(deps, address));
}

/** The proof of consent of everybody who confirmed. */
export async function* listEvidence(deps: AppContext) {
  for await (const { addressKey: _, id: __, ...evidence } of deps.store.signUps.allEvidence()) yield evidence;
}

/** Blanks a person for ever; a keyed hash of the address stays suppressed. */
export async function eraseSubscriber(deps: AppContext, address: string): Promise<void> {
  await erasePerson(deps, await personNamed(deps, address));
}

export function listSuppressions(deps: AppContext): AsyncIterable<SuppressedAddress> {
  return deps.store.audience.suppressions();
}

/** No mail goes to this address any more, by hand. False when none did already. */
export async function suppressByHand(deps: AppContext, address: string): Promise<boolean> {
  const { key } = readAddress(address);
  if ((await deps.store.audience.suppression(key)) !== undefined) return false;
  await deps.store.audience.suppress(key, 'manual', deps.clock.now());
  return true;
}

/** Mail may go to this address again. False when it might already. */
export function unsuppress(deps: AppContext, address: string): Promise<boolean> {
  return deps.store.audience.unsuppress(readAddress(address).key);
}

async function isErased(deps: AppContext, addressKey: string): Promise<boolean> {
  for (const key of deps.publicSite ? publicSideOf(deps).erasedKeys(addressKey) : []) {
    if ((await deps.store.audience.suppression(key)) !== undefined) return true;
  }
  return false;
}

async function personNamed(deps: AppContext, address: string): Promise<Person> {
  const found = await deps.store.audience.find(readAddress(address).key);
  const person = found && (await deps.store.audience.person(found.subscriber.id));
  if (person) return person;
  throw new GazetteError('audience.missing', `Nobody has the address “${address}”.`);
}

function readAddress(text: string) {
  const address = addressFrom(text);
  if (address) return address;
  throw new GazetteError('address.invalid', `“${text}” is not an address mail can be sent to.`);
}
