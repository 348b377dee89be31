/** A real WordPress, from Debian's package, on a port of this machine, with the posts of wordpress/seed.php. */
import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, installDebian, run, start, until } from './processes.js';

const SCRIPTS = fileURLToPath(new URL('wordpress', import.meta.url));
const PACKAGES = [
  'wordpress',
  'php-cli',
  'php-mysql',
  'php-xml',
  'php-mbstring',
  'php-gd',
  'mariadb-server',
  'wordpress-theme-twentytwentythree',
];

export interface RealWordPress {
  readonly url: string;
  /** `user:application password`. */
  readonly credentials: string;
  /** Runs PHP within the blog. */
  php(code: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startWordPress(): Promise<RealWordPress> {
  await installDebian(PACKAGES);
  const folder = await mkdtemp(join(tmpdir(), 'gazette-wordpress-'));
  const site = join(folder, 'site');
  const socket = join(folder, 'db.sock');
  const stopDatabase = await startDatabase(folder, socket);
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  await cp('/usr/share/wordpress', site, { recursive: true, dereference: true });
  await writeFile(join(site, 'wp-config.php'), configOf(socket, host));
  await mkdir(join(site, 'wp-content', 'mu-plugins'), { recursive: true });
  await copyFile(join(SCRIPTS, 'plugin.php'), join(site, 'wp-content', 'mu-plugins', 'plugin.php'));
  const env = { ...process.env, SITE: site, HOST: host, PHP_CLI_SERVER_WORKERS: '3' };
  const script = (name: string) => run('php', ['-d', 'sendmail_path=/bin/true', join(SCRIPTS, name)], { env });
  await script('install.php');
  const password = (await script('seed.php')).trim().split('\n').at(-1) ?? '';
  const stopWeb = start('php', ['-S', host, join(SCRIPTS, 'router.php')], { cwd: site, env });
  const url = `http://${host}`;
  await until(async () => {
    if (!(await fetch(`${url}/wp-json/`)).ok) throw new Error('WordPress does not answer yet.');
  });
  const load = `require '${SCRIPTS}/site.php'; require_once getenv('SITE') . '/wp-load.php'; wp_set_current_user(1);`;
  return {
    url,
    credentials: `mira:${password}`,
    php: (code) => run('php', ['-r', `${load} ${code}`], { env }),
    stop: async () => {
      await stopWeb();
      await stopDatabase();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The server runs as its own user where this process is root, as MariaDB wants it. */
async function startDatabase(folder: string, socket: string): Promise<() => Promise<void>> {
  const data = join(folder, 'data');
  await mkdir(data);
  const user = process.getuid?.() === 0 ? ['--user=mysql'] : [];
  if (user.length > 0) {
    await run('chmod', ['755', folder]);
    await run('chown', ['-R', 'mysql', folder]);
  }
  await run('mariadb-install-db', [...user, `--datadir=${data}`, '--auth-root-authentication-method=normal']);
  const files = [`--datadir=${data}`, `--socket=${socket}`, `--pid-file=${join(folder, 'db.pid')}`];
  const stop = start(
    'mariadbd',
    [...user, ...files, '--skip-networking', '--no-defaults'].sort((a) => (a === '--no-defaults' ? -1 : 1)),
  );
  const setUp = "create database wp; create user wp@localhost identified by 'wp'; grant all on wp.* to wp@localhost";
  await until(() => run('mariadb', [`--socket=${socket}`, '-e', setUp]));
  return stop;
}

function configOf(socket: string, host: string): string {
  return `<?php
define('DB_NAME', 'wp'); define('DB_USER', 'wp'); define('DB_PASSWORD', 'wp'); define('DB_HOST', 'localhost:${socket}');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('AUTH_KEY', 'a'); define('SECURE_AUTH_KEY', 'b'); define('LOGGED_IN_KEY', 'c'); define('NONCE_KEY', 'd');
define('WP_HOME', 'http://${host}'); define('WP_SITEURL', 'http://${host}');
// Application passwords without https need it.
define('WP_ENVIRONMENT_TYPE', 'local');
define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true); define('WP_DEBUG', false);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
`;
}
