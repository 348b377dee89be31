/** What a kind of export can be asked. Pure, so that a thread can do it. */
import type { ReadBodies, ReadHead } from '../web/listing-api.js';

export interface ExportReader<Facts> {
  /** `undefined` when the bytes are no export of this kind. */
  heads(bytes: Uint8Array, facts: Facts): readonly ReadHead[] | undefined;
  bodies(bytes: Uint8Array, paths: readonly string[], facts: Facts): ReadBodies;
}
