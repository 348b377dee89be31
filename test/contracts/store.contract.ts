/** What the memory ports mean, whatever the database: run against every store there is. */
import { afterEach, beforeEach, describe } from 'vitest';
import type { Store } from '../../src/domain/ports/storage.js';
import { audienceContract } from './store-audience.contract.js';
import { backupContract } from './store-backup.contract.js';
import { deliveriesContract } from './store-deliveries.contract.js';
import { feedbackContract } from './store-feedback.contract.js';
import { frequencyChangesContract } from './store-frequency-changes.contract.js';
import { issuesContract } from './store-issues.contract.js';
import { occurrencesContract } from './store-occurrences.contract.js';
import { postsContract } from './store-posts.contract.js';
import { scratchContract } from './store-scratch.contract.js';
import { ownWordContract } from './store-self-service.contract.js';
import { sharedContract } from './store-shared.contract.js';
import { signUpsContract } from './store-sign-ups.contract.js';

/** Gives the store of the test that is running. */
export type Opened = () => Store;

/** @param open opens an empty store; it is closed after each test */
export function storeContract(name: string, open: () => Promise<Store>): void {
  describe(name, () => {
    let store: Store | undefined;
    const opened: Opened = () => {
      if (!store) throw new Error('no store is open');
      return store;
    };
    beforeEach(async () => {
      store = await open();
    });
    afterEach(async () => {
      await store?.close();
      store = undefined;
    });
    postsContract(opened);
    audienceContract(opened);
    issuesContract(opened);
    deliveriesContract(opened);
    scratchContract(opened);
    sharedContract(opened);
    backupContract(opened);
    signUpsContract(opened);
    ownWordContract(opened);
    occurrencesContract(opened);
    frequencyChangesContract(opened);
    feedbackContract(opened);
  });
}
