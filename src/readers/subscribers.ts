/** What an operator does with one reader, or with one address that must get no mail. */
import { addressFrom } from '../domain/address.js';
import { type CategoryPreferences, choosableKeys, knownKeys, preferencesAsWishes } from '../domain/category.js';
import { GazetteError } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { AddResult, AudienceStore, Person, SubscriberRow, SuppressedAddress } from '../domain/ports/audience.js';
import type { SignUpStore } from '../domain/ports/sign-ups.js';
import type { ErasedKeys, PersonalData } from './personal-data.js';

export interface AddRequest {
  readonly newsletter: Newsletter;
  readonly address: string;
  readonly name?: string;
  readonly language?: string;
  /** Absent: everything. */
  readonly categories?: readonly string[];
  /** How the reader agreed; required (GDPR Art. 7(1)). */
  readonly consentSource: string;
}

export interface OneAdded {
  readonly address: string;
  readonly newsletter: string;
  readonly outcome: keyof AddResult;
}

export interface SubscribersDeps {
  readonly audience: AudienceStore;
  readonly signUps: Pick<SignUpStore, 'allEvidence'>;
  readonly personalData: PersonalData;
  readonly erasedKeys: ErasedKeys;
}

const OUTCOMES = ['added', 'updated', 'unchanged', 'suppressed', 'unsubscribed'] as const;

export function openSubscribers({ audience, signUps, personalData, erasedKeys }: SubscribersDeps) {
  /** Adds one reader. Throws `address.invalid`, or `usage` for an unknown category or an erased address. */
  async function add(request: AddRequest, now: Date): Promise<OneAdded> {
    const { newsletter, consentSource, name = '', language } = request;
    const { address, key: addressKey } = readAddress(request.address);
    const preferences = readCategories(newsletter, request.categories);
    if (await isErased(addressKey)) {
      throw new GazetteError('usage', 'The reader with this address asked to be erased.', {
        hint: 'They can sign up again themselves, with the sign-up form.',
      });
    }
    const consent = { source: consentSource, at: now };
    const row = {
      address,
      addressKey,
      name,
      preferences,
      state: 'active',
      consent,
      ...(language && { language }),
    } as const;
    const counts = await audience.add(newsletter.id, [row], now);
    const outcome = OUTCOMES.find((each) => counts[each] > 0) ?? 'unchanged';
    return { address, newsletter: newsletter.id, outcome };
  }

  /** Ends the subscription of an address to a newsletter, or to all; gives the newsletters whose subscription it ended. */
  async function remove(address: string, newsletter?: string): Promise<readonly string[]> {
    const { subscriber, subscriptions } = await personNamed(address);
    const ended: string[] = [];
    for (const each of subscriptions) {
      if (newsletter !== undefined && each.newsletter !== newsletter) continue;
      if (await audience.unsubscribe(each.newsletter, subscriber.id)) ended.push(each.newsletter);
    }
    return ended;
  }

  /** The readers of a newsletter, or of all. */
  function list(newsletter?: string): AsyncIterable<SubscriberRow> {
    return audience.list(newsletter);
  }

  /** Everything stored about an address, with the evidence of consent. */
  async function show(address: string) {
    return personalData.read(await personNamed(address));
  }

  /** Erases a person for ever; a keyed hash of the address stays suppressed. */
  async function erase(address: string, now: Date): Promise<void> {
    await personalData.erase(await personNamed(address), now);
  }

  /** The evidence of consent of every reader who confirmed, oldest first. */
  async function* listEvidence() {
    for await (const { addressKey: _, id: __, ...evidence } of signUps.allEvidence())
      yield preferencesAsWishes(evidence);
  }

  function listSuppressions(): AsyncIterable<SuppressedAddress> {
    return audience.suppressions();
  }

  /** From now on no mail goes to this address. False when it was suppressed already. */
  async function suppress(address: string, now: Date): Promise<boolean> {
    const { key } = readAddress(address);
    if ((await audience.suppression(key)) !== undefined) return false;
    await audience.suppress(key, 'manual', now);
    return true;
  }

  /** Mail may go to this address again. False when it was not suppressed. */
  async function unsuppress(address: string): Promise<boolean> {
    return audience.unsuppress(readAddress(address).key);
  }

  async function isErased(addressKey: string): Promise<boolean> {
    for (const key of erasedKeys(addressKey)) if ((await audience.suppression(key)) !== undefined) return true;
    return false;
  }

  async function personNamed(address: string): Promise<Person> {
    const found = await audience.find(readAddress(address).key);
    const person = found && (await audience.person(found.subscriber.id));
    if (person) return person;
    throw new GazetteError('audience.missing', `No reader has the address “${address}”.`);
  }

  return { add, remove, show, erase, list, listEvidence, listSuppressions, suppress, unsuppress };
}

function readCategories({ id, categories }: Newsletter, given: readonly string[] | undefined): CategoryPreferences {
  const known = given && knownKeys(categories, given);
  if (!given || known?.length === new Set(given).size) return known;
  const hint = `It has: ${choosableKeys(categories).join(', ') || 'no categories'}.`;
  throw new GazetteError('usage', `“${id}” has no such category.`, { hint });
}

function readAddress(text: string) {
  const address = addressFrom(text);
  if (address) return address;
  throw new GazetteError('address.invalid', `“${text}” is not an address mail can be sent to.`);
}
