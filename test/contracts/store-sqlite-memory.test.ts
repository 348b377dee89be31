import { openSqliteStore } from '../../src/store/index.js';
import { storeContract } from './store.contract.js';

storeContract('SQLite in memory', () => openSqliteStore({ path: ':memory:' }));
