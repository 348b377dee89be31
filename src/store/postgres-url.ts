/** `DATABASE_URL` of a Postgres as people write it: passwords that are not encoded, and the settings libpq knows. */
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { GazetteError } from '../domain/errors.js';

export interface PostgresTarget {
  /** For the driver, without the parameters that are read here. */
  readonly url: string;
  readonly ssl?: ConnectionOptions | false;
  /** How many connections are open at the most. */
  readonly pool: number;
}

const CONNECTIONS = 5;
const MOST_CONNECTIONS = 100;
const SCHEME = /^postgres(?:ql)?:\/\//i;
const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'];

export function isPostgresUrl(target: string): boolean {
  return SCHEME.test(target);
}

/** Throws `env.invalid` for a URL that cannot be read. No message shows the password. */
export function postgresTargetFrom(text: string): PostgresTarget {
  const url = urlFrom(text);
  const take = (name: string) => {
    const value = url.searchParams.get(name);
    url.searchParams.delete(name);
    return value ?? undefined;
  };
  const ssl = sslFrom(take);
  const pool = poolFrom(take('pool'));
  return { url: url.href, pool, ...(ssl !== undefined && { ssl }) };
}

/** A password may hold `@`, `/`, `#` and `?` that are not encoded: then it ends at the last `@`. */
function urlFrom(text: string): URL {
  const written = text.trim().replace(SCHEME, 'postgres://');
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url && !(url.pathname + url.hash).includes('@') && (url.username !== '' || !written.includes('@'))) {
    // A “%” that begins no code is literal.
    if (decoded(url.password) === url.password) url.password = encodeURIComponent(url.password);
    return url;
  }
  const [, user = '', password = '', rest = ''] = /^postgres:\/\/([^:@/?#]*):(.*)@([^@]*)$/s.exec(written) ?? [];
  const encoded = `postgres://${user}:${encodeURIComponent(decoded(password))}@${rest}`;
  if (rest !== '' && URL.canParse(encoded)) return new URL(encoded);
  throw wrong('is no address of a database.');
}

function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}

function poolFrom(text: string | undefined): number {
  const pool = text === undefined ? CONNECTIONS : Number(text);
  if (Number.isInteger(pool) && pool >= 1 && pool <= MOST_CONNECTIONS) return pool;
  throw wrong(`has pool=${text}; the number of connections is a whole number from 1 to ${MOST_CONNECTIONS}.`);
}

/** What the modes mean to libpq, and so in URLs that providers hand out: `require` encrypts, `verify-full` also checks who answers. */
function sslFrom(take: (name: string) => string | undefined): ConnectionOptions | false | undefined {
  const mode = take('sslmode');
  const root = take('sslrootcert');
  const [cert, key] = [take('sslcert'), take('sslkey')];
  if (mode !== undefined && !SSL_MODES.includes(mode)) {
    throw wrong(`has sslmode=${mode}; it is one of ${SSL_MODES.join(', ')}.`);
  }
  if (mode === 'disable') return false;
  if ((mode ?? root ?? cert ?? key) === undefined) return undefined;
  const authorities = root === undefined || root === 'system' ? {} : { ca: contentOf('sslrootcert', root) };
  return {
    ...authorities,
    ...(cert !== undefined && { cert: contentOf('sslcert', cert) }),
    ...(key !== undefined && { key: contentOf('sslkey', key) }),
    ...verification(mode, root),
  };
}

function verification(mode: string | undefined, root: string | undefined): ConnectionOptions {
  if (mode === 'verify-full' || root === 'system') return {};
  if (root === undefined && mode !== 'verify-ca') return { rejectUnauthorized: false };
  return { checkServerIdentity: () => undefined };
}

function contentOf(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw wrong(`names ${path} as ${name}, and that file cannot be read.`, error);
  }
}

function wrong(message: string, cause?: unknown): GazetteError {
  return new GazetteError('env.invalid', `DATABASE_URL ${message}`, {
    hint: 'Write postgres://user:password@host:5432/database, with sslmode=… and pool=… after a “?” where they are needed.',
    ...(cause !== undefined && { cause }),
  });
}
