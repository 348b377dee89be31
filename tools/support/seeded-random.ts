/** Chance that can be repeated: the same seed gives the same numbers, on every host. */
import { createHash } from 'node:crypto';

/** A number from 0 up to 1 that depends on nothing but these words. */
export function fractionFrom(...words: readonly (string | number)[]): number {
  const digest = createHash('sha256').update(JSON.stringify(words)).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

/** A row of numbers from 0 up to 1. */
export function seededRandom(seed: string | number): () => number {
  let drawn = 0;
  return () => {
    drawn += 1;
    return fractionFrom(seed, drawn);
  };
}
