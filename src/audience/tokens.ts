/** Tokens that come back from a mail or a page: random ones, stored as a hash, and signed time stamps, which are not stored. */
import { createHash, randomBytes } from 'node:crypto';
import { isSameText, numberFrom36, type SigningSecret, sign } from './signature.js';

/** 256 random bits, safe in a URL. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The hash that is stored of a token; `undefined` for a text that cannot be a token. */
export function tokenHash(token: string): string | undefined {
  return /^[\w-]{43}$/.test(token) ? createHash('sha256').update(token).digest('hex') : undefined;
}

/** A keyed hash of an address: recognises an erased address without storing it. */
export function erasedKeyOf(by: SigningSecret, addressKey: string): string {
  return `erased:${sign(by, 'erased', [addressKey]).toString('hex')}`;
}

/** A hash that tells apart the versions of a text. */
export function versionOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

export interface Stamps {
  /** Signs a moment together with its subject. */
  stamp(purpose: string, about: readonly (string | number)[], at: Date): string;
  /** The moment of a stamp; `undefined` when it was not made here for this purpose and subject. */
  read(purpose: string, about: readonly (string | number)[], stamp: string): Date | undefined;
}

/** Opens stamps. The first secret signs, all verify. */
export function openStamps(secrets: readonly SigningSecret[]): Stamps {
  const stampBy = (by: SigningSecret, purpose: string, about: readonly (string | number)[], ms: number) =>
    `${by.kid}.${ms.toString(36)}.${sign(by, `stamp:${purpose}`, [...about, ms]).toString('base64url')}`;
  return {
    stamp(purpose, about, at) {
      const [signer] = secrets;
      if (signer === undefined) throw new RangeError('Stamps need at least one secret.');
      return stampBy(signer, purpose, about, at.getTime());
    },
    read(purpose, about, stamp) {
      const [, kid, moment] = /^([0-9a-z]+)\.([0-9a-z]+)\.[\w-]+$/.exec(stamp) ?? [];
      const by = secrets.find((secret) => secret.kid === kid);
      const ms = numberFrom36(moment ?? '');
      if (by === undefined || ms === undefined) return undefined;
      return isSameText(stampBy(by, purpose, about, ms), stamp) ? new Date(ms) : undefined;
    },
  };
}
