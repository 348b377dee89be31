import { afterAll, beforeAll } from 'vitest';
import { openStore } from '../../src/store/index.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { storeContract } from './store.contract.js';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres?.stop());

storeContract('Postgres', async () => openStore(await postgres.freshUrl()));
