/**
 * Signed addresses of each delivery (rule: feedback): its envelope sender (VERP), and where its reader unsubscribes by mail. Both are
 * `bounces+<kid>-<issue>-<subscriber>-<signature>@host`, valid in any letter case; the signature tells them apart.
 */
import type { DeliveryRef } from '../domain/delivery.js';
import { GazetteError } from '../domain/errors.js';
import { isSameText, numberFrom36, type SigningSecret, sign } from './signature.js';

export interface BounceAddresses {
  bounceAddress(delivery: DeliveryRef): string;
  /** Where a mail unsubscribes the reader of a delivery, whatever it says. */
  unsubscribeAddress(delivery: DeliveryRef): string;
  /** The delivery that a mail to either of these addresses is about; `undefined` when the address was not signed here. */
  verify(address: string): DeliveryRef | undefined;
  /** Whether an address is one that unsubscribes. */
  isUnsubscribe(address: string): boolean;
}

export interface BounceAddressesOptions {
  /** A mailbox that takes `name+anything`. */
  readonly address: string;
  /** At least one. */
  readonly secrets: readonly SigningSecret[];
}

const PURPOSES = ['bounce', 'unsubscribe'] as const;
type Purpose = (typeof PURPOSES)[number];

/** RFC 5321 §4.5.3.1.1. */
const LONGEST_LOCAL_PART = 64;

/** The most that is added to the mailbox: kid of 8, issue of 6, subscriber of 7, signature of 16, four separators. */
const LONGEST_ADDITION = 41;

/** 80 bits: a forger would have to send 2^80 bounces, and a longer signature would leave little room for the mailbox. */
const MAC_BYTES = 10;

/** Opens bounce addresses on a mailbox. Throws `env.invalid` when its local part leaves no room for the signature. */
export function openBounceAddresses({ address, secrets }: BounceAddressesOptions): BounceAddresses {
  const [signer] = secrets;
  if (signer === undefined) throw new RangeError('Bounce addresses need at least one secret.');
  const at = address.lastIndexOf('@');
  const [mailbox, host] = [address.slice(0, at), address.slice(at + 1)];
  if (mailbox.length + LONGEST_ADDITION > LONGEST_LOCAL_PART)
    throw new GazetteError('env.invalid', `The bounce address ${address} is too long to carry a signature.`, {
      hint: `Use a mailbox of at most ${LONGEST_LOCAL_PART - LONGEST_ADDITION} characters before the @.`,
    });
  const addressFor = (purpose: Purpose, by: SigningSecret, { issue, subscriber }: DeliveryRef): string => {
    const mac = base32(sign(by, purpose, [issue, subscriber]).subarray(0, MAC_BYTES));
    return `${mailbox}+${by.kid}-${issue.toString(36)}-${subscriber.toString(36)}-${mac}@${host}`;
  };
  const read = (given: string): { readonly delivery: DeliveryRef; readonly purpose: Purpose } | undefined => {
    const [, kid, issue, subscriber] =
      /\+([0-9a-z]+)-([0-9a-z]+)-([0-9a-z]+)-[0-9a-z]+@/.exec(given.toLowerCase()) ?? [];
    const by = secrets.find((secret) => secret.kid === kid);
    const ref = { issue: numberFrom36(issue ?? ''), subscriber: numberFrom36(subscriber ?? '') };
    if (by === undefined || !isDelivery(ref)) return undefined;
    const purpose = PURPOSES.find((each) => isSameText(addressFor(each, by, ref).toLowerCase(), given.toLowerCase()));
    return purpose && { delivery: ref, purpose };
  };
  return {
    bounceAddress: (delivery) => addressFor('bounce', signer, delivery),
    unsubscribeAddress: (delivery) => addressFor('unsubscribe', signer, delivery),
    verify: (given) => read(given)?.delivery,
    isUnsubscribe: (given) => read(given)?.purpose === 'unsubscribe',
  };
}

function isDelivery(ref: { readonly [part in keyof DeliveryRef]: number | undefined }): ref is DeliveryRef {
  return ref.issue !== undefined && ref.subscriber !== undefined;
}

/** RFC 4648 §6 without padding, in lower case. */
function base32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => 'abcdefghijklmnopqrstuvwxyz234567'[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
}
