/** A reader's request to move to another address: nothing changes until the new mailbox confirms it. */
import type { PublicPaths } from '../audience/public-paths.js';
import { type Address, addressFrom } from '../domain/address.js';
import type { SignUpStore } from '../domain/ports/sign-ups.js';
import type { Newsletters } from './newsletters.js';
import type { LinkedReader } from './reader-links.js';
import { askedBy } from './sign-up.js';

export interface AddressChangesDeps {
  readonly paths: Pick<PublicPaths, 'absolute' | 'preferencesForm'>;
  readonly newsletters: Newsletters;
  readonly signUps: Pick<SignUpStore, 'ask'>;
}

/** Who asks for mail to another mailbox, and whether it may get one now. */
export interface Requester {
  readonly ip: string;
  readonly userAgent: string;
  mayMail(address: Address): boolean;
}

export type AddressChanges = ReturnType<typeof openAddressChanges>;

export function openAddressChanges({ paths, newsletters, signUps }: AddressChangesDeps) {
  /** Stores the request; its mail goes out with the sign-ups. */
  async function ask(
    { newsletter, person: { subscriber, addressKey } }: LinkedReader,
    wanted: string,
    by: Requester,
    now: Date,
  ): Promise<'asked' | 'invalid' | 'too-many'> {
    const address = addressFrom(wanted);
    if (!address) return 'invalid';
    if (address.key === addressKey && address.address === subscriber.address) return 'asked';
    if (!by.mayMail(address)) return 'too-many';
    const language = await newsletters.languageFor(newsletter, subscriber.language);
    const messages = await newsletters.messages(newsletter, language);
    await signUps.ask({
      purpose: 'change-address',
      newsletter: newsletter.id,
      subscriber: subscriber.id,
      address: address.address,
      addressKey: address.key,
      name: subscriber.name,
      language,
      preferences: undefined,
      asked: askedBy(by, {
        at: now,
        form: paths.absolute(paths.preferencesForm),
        text: messages.say('page.preferences.moveHint'),
      }),
    });
    return 'asked';
  }

  return { ask };
}
