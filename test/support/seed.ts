/**
 * The same random inputs on every run, so that a test fails by what was changed and not by chance. To look for new ones:
 * `TEST_SEED=random npm test`, or a number that such a run has printed.
 */
import fc from 'fast-check';

const { TEST_SEED = '1' } = process.env;
if (TEST_SEED !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(TEST_SEED) });
