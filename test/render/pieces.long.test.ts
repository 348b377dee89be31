/** The oracle of spliced editions over many random issues (rule: pieces). */
import fc from 'fast-check';
import { it } from 'vitest';
import { randomIssue } from '../support/random-editions.js';
import { expectSplicedAsWhole } from '../support/spliced-as-whole.js';

it('2,000 random issues: an edition spliced from pieces is the same as rendered whole', {
  timeout: 1_800_000,
}, async () => {
  await fc.assert(fc.asyncProperty(randomIssue(3), expectSplicedAsWhole), { numRuns: 2000 });
});
