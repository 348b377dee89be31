/** Everything the store promises, through a real pgbouncer in transaction mode: no statement may count on its connection. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { openStore } from '../../src/store/index.js';
import { storeContract } from '../contracts/store.contract.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';

const isInstalled = spawnSync('pgbouncer', ['--version']).status === 0;
if (!isInstalled)
  console.warn('pgbouncer is not installed (Debian: apt-get install pgbouncer): its tests are skipped.');

describe.skipIf(!isInstalled)('behind pgbouncer', () => {
  let postgres: TestPostgres;
  let pooler: ChildProcess;
  let folder: string;
  let url: string;

  beforeAll(async () => {
    postgres = await startPostgres();
    await postgres.run('create database pooled');
    folder = await mkdtemp(join(tmpdir(), 'gazette-pgbouncer-'));
    const port = await freePort();
    pooler = await startPooler(folder, port, postgres.folder);
    url = `postgres://postgres@127.0.0.1:${port}/pooled`;
  });

  afterAll(async () => {
    pooler?.kill('SIGINT');
    if (pooler?.exitCode === null) await once(pooler, 'exit');
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  storeContract('Postgres behind pgbouncer', async () => {
    const store = await openStore(url);
    await postgres.empty(postgres.urlOf({ database: 'pooled' }));
    return store;
  });
});

async function startPooler(folder: string, port: number, socket: string): Promise<ChildProcess> {
  const settings = join(folder, 'pgbouncer.ini');
  await writeFile(join(folder, 'users.txt'), '"postgres" ""\n');
  await writeFile(
    settings,
    [
      '[databases]',
      `* = host=${socket} port=5432`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'pool_mode = transaction',
      'default_pool_size = 4',
      'auth_type = trust',
      `auth_file = ${join(folder, 'users.txt')}`,
    ].join('\n'),
  );
  // It refuses to run as root, as Postgres does.
  const isRoot = process.getuid?.() === 0;
  const command = isRoot ? 'unshare' : 'pgbouncer';
  const args = isRoot ? ['--user', '--map-user=1000', 'pgbouncer', settings] : [settings];
  const pooler = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    pooler.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('process up')) resolve();
    });
    pooler.once('exit', (code) => reject(new Error(`pgbouncer ended with ${code}: ${said}`)));
  });
  return pooler;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
