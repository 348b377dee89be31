/** Random names for things that are known outside the ledger. */
import { randomBytes } from 'node:crypto';

/** 128 random bits as 32 characters of lower-case hex. */
export function randomId(): string {
  return randomBytes(16).toString('hex');
}
