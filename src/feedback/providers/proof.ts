/** What proves that a call comes from a provider: secrets compared in constant time, and signatures in their one spelling. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { ReadHeader } from './provider.js';

/** Whether a text is one of several. Takes the same time wherever they differ, and whichever of them it is. */
export function isOneOf(expected: readonly string[], given: string): boolean {
  const wanted = digest(given);
  return expected.map((each) => timingSafeEqual(digest(each), wanted)).includes(true);
}

/** Texts of different lengths cannot be compared in constant time, their hashes can. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The credentials of `Authorization: <scheme> <credentials>`. */
export function credentialsOf(header: ReadHeader, scheme: 'basic' | 'bearer'): string {
  const given = header('Authorization') ?? '';
  return given.slice(0, scheme.length + 1).toLowerCase() === `${scheme} ` ? given.slice(scheme.length + 1).trim() : '';
}

/** Whether a call carries one of several `user:password` (RFC 7617). */
export function hasPassword(header: ReadHeader, passwords: readonly string[]): boolean {
  const expected = passwords.map((each) => Buffer.from(each).toString('base64'));
  return isOneOf(expected, credentialsOf(header, 'basic'));
}

/** The bytes of a signature in base64; `undefined` for any other spelling of the same bytes. */
export function signatureFrom(text: string | undefined): Buffer | undefined {
  const bytes = Buffer.from(text ?? '', 'base64');
  return bytes.length > 0 && bytes.toString('base64') === text ? bytes : undefined;
}

/** Whether an instant is no more than `maxMs` away. Clocks differ in both directions. */
export function isWithin(at: Date | undefined, now: Date, maxMs: number): boolean {
  return at !== undefined && Math.abs(now.getTime() - at.getTime()) <= maxMs;
}
