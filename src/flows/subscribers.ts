/** What an operator does to one reader, or to one address that must not be written to. */
import { addressFrom } from '../domain/address.js';
import { OTHER, type Wishes } from '../domain/category.js';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { AddResult, Person, SuppressedAddress } from '../domain/ports.js';
import type { House } from './house.js';
import { dataOf, erasePerson } from './preferences.js';
import { knownCategories, publicSideOf } from './public-side.js';

export interface AddRequest {
  readonly newsletter: Newsletter;
  readonly address: string;
  readonly name?: string;
  readonly language?: string;
  /** Absent: everything. */
  readonly categories?: readonly string[];
  /** How the reader agreed; without it nobody is added (standards I3). */
  readonly consentSource: string;
}

export interface OneAdded {
  readonly address: string;
  readonly newsletter: string;
  readonly outcome: keyof AddResult;
}

/** Adds one reader. Throws `address.invalid`, or `usage` for a category there is not. */
export async function addSubscriber(house: House, request: AddRequest): Promise<OneAdded> {
  const { newsletter, categories, consentSource, name = '', language } = request;
  const address = readAddress(request.address);
  const wishes: Wishes = categories && knownCategories(newsletter, categories);
  if (categories && wishes?.length !== new Set(categories).size) {
    const known = [...newsletter.categories.map(({ key }) => key), OTHER].join(', ');
    throw new GazetteError('usage', `“${newsletter.id}” has no such category.`, { hint: `It has: ${known}.` });
  }
  if (await isErased(house, address.key))
    throw new GazetteError('usage', 'Who had this address asked to be erased.', {
      hint: 'They may sign up again by themselves, on the form.',
    });
  const now = house.clock.now();
  const row = { address: address.address, addressKey: address.key, name, wishes, state: 'active' } as const;
  const consent = { source: consentSource, at: now };
  const counts = await house.store.audience.add(
    newsletter.id,
    [{ ...row, consent, ...(language && { language }) }],
    now,
  );
  const outcomes = ['added', 'updated', 'unchanged', 'suppressed', 'unsubscribed'] as const;
  const outcome = outcomes.find((each) => counts[each] > 0) ?? 'unchanged';
  return { address: address.address, newsletter: newsletter.id, outcome };
}

/** Ends the subscription of an address to a newsletter, or to all when none is named; the newsletters it ended. */
export async function removeSubscriber(house: House, address: string, newsletter?: string): Promise<readonly string[]> {
  const { subscriber, subscriptions } = await personNamed(house, address);
  const ended: string[] = [];
  for (const each of subscriptions) {
    if (newsletter !== undefined && each.newsletter !== newsletter) continue;
    if (await house.store.audience.unsubscribe(each.newsletter, subscriber.id)) ended.push(each.newsletter);
  }
  return ended;
}

/** Everything kept about an address, the evidence of consent with it. */
export async function showSubscriber(house: House, address: string) {
  return dataOf(house, await personNamed(house, address));
}

/** The proof of consent of everybody who confirmed (standards I4). */
export async function* listEvidence(house: House) {
  for await (const { addressKey: _, id: __, ...evidence } of house.store.signUps.allEvidence()) yield evidence;
}

/** Blanks a person for ever; a keyed hash of the address stays suppressed. */
export async function eraseSubscriber(house: House, address: string): Promise<void> {
  await erasePerson(house, await personNamed(house, address));
}

export function listSuppressions(house: House): AsyncIterable<SuppressedAddress> {
  return house.store.audience.suppressions();
}

/** No mail goes to this address any more, by hand. False when none did already. */
export async function suppressByHand(house: House, address: string): Promise<boolean> {
  const { key } = readAddress(address);
  if ((await house.store.audience.suppression(key)) !== undefined) return false;
  await house.store.audience.suppress(key, 'manual', house.clock.now());
  return true;
}

/** Mail may go to this address again. False when it might already. */
export function unsuppress(house: House, address: string): Promise<boolean> {
  return house.store.audience.unsuppress(readAddress(address).key);
}

async function isErased(house: House, addressKey: string): Promise<boolean> {
  for (const key of house.publicSide ? publicSideOf(house).erasedKeys(addressKey) : []) {
    if ((await house.store.audience.suppression(key)) !== undefined) return true;
  }
  return false;
}

async function personNamed(house: House, address: string): Promise<Person> {
  const found = await house.store.audience.find(readAddress(address).key);
  const person = found && (await house.store.audience.person(found.subscriber.id));
  if (person) return person;
  throw new GazetteError('audience.missing', `Nobody has the address “${address}”.`);
}

function readAddress(text: string) {
  const address = addressFrom(text);
  if (address) return address;
  throw new GazetteError('address.invalid', `“${text}” is not an address mail can be sent to.`);
}
