/** A spliced edition is the edition rendered whole (rule: pieces). */
import fc from 'fast-check';
import { it } from 'vitest';
import { randomIssue } from '../support/random-editions.js';
import { expectSplicedAsWhole } from '../support/spliced-as-whole.js';

it('an edition spliced from pieces is the same as rendered whole', async () => {
  await fc.assert(fc.asyncProperty(randomIssue(4), expectSplicedAsWhole), { numRuns: 30 });
});
