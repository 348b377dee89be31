import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openStore } from '../../src/store/index.js';
import { storeContract } from './store.contract.js';

let folder: string;
let opened = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gazette-store-'));
});

afterAll(() => rm(folder, { recursive: true }));

storeContract('SQLite on disk', () => {
  opened += 1;
  return openStore(join(folder, `${opened}.db`));
});
