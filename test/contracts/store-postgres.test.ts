import { afterAll, beforeAll } from 'vitest';
import { openStore } from '../../src/store/index.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { storeContract } from './store.contract.js';

let postgres: TestPostgres;
let url: string;

beforeAll(async () => {
  postgres = await startPostgres();
  url = await postgres.freshUrl();
});

afterAll(() => postgres?.stop());

storeContract('Postgres', async () => {
  await postgres.empty(url);
  return openStore(url);
});
