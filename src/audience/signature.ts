/** Signatures of what readers and mail servers send back: keyed, bound to a purpose, compared in constant time. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** A secret and its key id. The first of a list signs, all of them verify (rule: ready-to-send). */
export interface SigningSecret {
  /** Lower-case letters and digits. */
  readonly kid: string;
  readonly secret: string;
}

/** 128 bits of HMAC-SHA256 over a purpose and its parts; different lists of parts have different signatures. */
export function sign(by: SigningSecret, purpose: string, parts: readonly (string | number)[]): Buffer {
  return createHmac('sha256', by.secret)
    .update(JSON.stringify([purpose, by.kid, ...parts]))
    .digest()
    .subarray(0, 16);
}

/** Whether two texts are equal, compared in constant time. */
export function isSameText(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The whole number written in base 36; `undefined` for any other text. */
export function numberFrom36(text: string): number | undefined {
  const value = /^[0-9a-z]{1,10}$/.test(text) ? Number.parseInt(text, 36) : Number.NaN;
  return Number.isSafeInteger(value) && value.toString(36) === text ? value : undefined;
}
