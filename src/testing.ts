/** The public interface for tests of sources: `import { sourceContract, testTools } from 'gazette/testing'`. */
export { type ContractTest, type SourceUnderTest, sourceContract } from './sources/source-contract.js';
export { type TestWorld, testTools } from './sources/test-tools.js';
