/**
 * What a database's own errors mean to the person who runs Gazette: the one place where driver codes are read.
 */
import { type ErrorCode, GazetteError } from '../domain/errors.js';

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  /** A connection that worked is gone. */
  readonly isLost?: boolean;
}

/** Primary result codes of SQLite; extended codes hold them in their low byte. */
const SQLITE: { readonly [code: number]: Meaning } = {
  5: { code: 'store.locked', message: 'The database stayed locked by another process.' },
  6: { code: 'store.locked', message: 'A table of the database stayed locked by another connection.' },
  8: { code: 'store.read-only', message: 'The database cannot be written to.' },
  10: {
    code: 'store.failed',
    message: 'The disk could not be read or written.',
    hint: 'Check that the disk is healthy, has free space and is still mounted. Nothing half-written is kept.',
  },
  11: {
    code: 'store.failed',
    message: 'The database file is damaged.',
    hint: 'Keep the file as it is, and restore the latest copy of it.',
  },
  13: { code: 'store.full', message: 'The disk is full: the database could not grow.' },
  14: {
    code: 'store.failed',
    message: 'The database file could not be opened.',
    hint: 'Check that its folder exists and that this user may write there.',
  },
  26: {
    code: 'store.failed',
    message: 'The file named as database is not one.',
    hint: 'Name another file, or move this one away.',
  },
};

/** SQLite’s messages (`sqlite3_errstr`), for when the driver gives no code, as for statements that return rows. */
const SQLITE_MESSAGES: { readonly [message: string]: number } = {
  'database is locked': 5,
  'database table is locked': 6,
  'attempt to write a readonly database': 8,
  'disk I/O error': 10,
  'database disk image is malformed': 11,
  'database or disk is full': 13,
  'unable to open database file': 14,
  'file is not a database': 26,
};

/** SQLSTATE of Postgres, and the codes of a connection that never came about. */
const POSTGRES: { readonly [code: string]: Meaning } = {
  '53100': { code: 'store.full', message: 'The disk of the database server is full.' },
  '55P03': { code: 'store.locked', message: 'The database stayed locked by another process.' },
  '40P01': { code: 'store.locked', message: 'Two processes waited for each other in the database.' },
  '40001': { code: 'store.locked', message: 'Another process changed the same rows at the same moment.' },
  '25006': {
    code: 'store.read-only',
    message: 'The database server takes no writes.',
    hint: 'Name the primary server in DATABASE_URL, not a standby.',
  },
  '42501': {
    code: 'store.read-only',
    message: 'The database user lacks a right it needs.',
    hint: 'Give the user of DATABASE_URL the right to create and write tables in its schema.',
  },
  '57014': {
    code: 'store.failed',
    message: 'The database server ended a statement: it took too long, or an administrator cancelled it.',
    hint: 'Try again. If it happens again, look for statement_timeout in the settings of the server, the database and the role.',
  },
  '25P03': lost('The database server ended a transaction that waited too long.'),
  '3F000': {
    code: 'store.failed',
    message: 'The database has no schema to create tables in.',
    hint: 'Create the first schema of the role’s search_path, or let the role use the schema public.',
  },
  '28P01': unreachable('The database server refused the password.'),
  '28000': unreachable('The database server refused the user.'),
  '3D000': unreachable('The database server has no database of this name.'),
  '53300': {
    code: 'store.failed',
    message: 'The database server or its user allows no more connections.',
    hint: 'Add ?pool=2 to DATABASE_URL, so that each process of Gazette opens fewer, or raise the limit of the server.',
  },
  '57P01': lost('The database server ended the connection.'),
  '57P02': lost('The database server crashed and ended the connection.'),
  '57P03': unreachable('The database server is starting or stopping.'),
  '57P05': lost('The database server ended a connection that was idle.'),
  '08000': lost('The connection to the database failed.'),
  '08001': unreachable('The database server cannot be reached.'),
  '08003': lost('The connection to the database is gone.'),
  '08004': unreachable('The database server refused the connection.'),
  '08006': lost('The connection to the database failed.'),
  '08P01': unreachable('The database server and Gazette do not understand each other; a pooler may be between them.'),
  ECONNREFUSED: unreachable('The database server does not answer.'),
  ECONNRESET: lost('The database server closed the connection.'),
  EPIPE: lost('The database server closed the connection.'),
  ENOENT: unreachable('There is no database server at that socket.'),
  ENOTFOUND: unreachable('The database server’s host name is not known.'),
  EAI_AGAIN: unreachable('The database server’s host name cannot be looked up at the moment.'),
  ETIMEDOUT: unreachable('The database server does not answer.'),
  EHOSTUNREACH: unreachable('The database server’s host cannot be reached.'),
  ERR_TLS_CERT_ALTNAME_INVALID: uncertified('The certificate of the database server is for another host name.'),
  CERT_HAS_EXPIRED: uncertified('The certificate of the database server has expired.'),
  DEPTH_ZERO_SELF_SIGNED_CERT: uncertified('The certificate of the database server is signed by the server itself.'),
  SELF_SIGNED_CERT_IN_CHAIN: uncertified('The certificate of the database server comes from an unknown authority.'),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: uncertified(
    'The certificate of the database server comes from an unknown authority.',
  ),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: uncertified(
    'The certificate of the database server comes from an unknown authority.',
  ),
};

/** Errors of the driver that have no code, by what their message contains. */
const DRIVER_MESSAGES: readonly (readonly [string, Meaning])[] = [
  ['Connection terminated', lost('The database server closed the connection.')],
  ['Query read timeout', lost('The database server did not answer a statement.')],
  ['password must be a string', unreachable('The database server wants a password, and DATABASE_URL has none.')],
  [
    'does not support SSL',
    {
      code: 'store.failed',
      message: 'The database server does not offer TLS.',
      hint: 'Remove sslmode from DATABASE_URL, or switch TLS on at the server.',
    },
  ],
  [
    'no encryption',
    {
      code: 'store.failed',
      message: 'The database server refuses connections without TLS, or does not know this user, host or database.',
      hint: 'Add ?sslmode=require to DATABASE_URL. If that does not help, look at pg_hba.conf of the server.',
    },
  ],
];

/** Whether an error means that a connection to Postgres broke, and not that its server refused something. */
export function isConnectionLost(error: unknown): boolean {
  return meaningOf(error instanceof GazetteError ? error.cause : error)?.isLost === true;
}

/** A driver's error as a `GazetteError`; our own errors pass through unchanged. */
export function storeErrorFrom(error: unknown): Error {
  if (error instanceof GazetteError) return error;
  const meaning = meaningOf(error);
  if (meaning) {
    const details = meaning.hint === undefined ? { cause: error } : { cause: error, hint: meaning.hint };
    return new GazetteError(meaning.code, meaning.message, details);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new GazetteError('store.failed', `The database refused a statement: ${reason}`, { cause: error });
}

function meaningOf(error: unknown): Meaning | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { errcode, code, message } = error as { readonly [key in 'errcode' | 'code' | 'message']?: unknown };
  if (typeof errcode === 'number') return SQLITE[errcode & 0xff];
  if (code === 'ERR_SQLITE_ERROR') return SQLITE[SQLITE_MESSAGES[String(message)] ?? 0];
  const known = DRIVER_MESSAGES.find(([part]) => typeof message === 'string' && message.includes(part));
  return known?.[1] ?? (typeof code === 'string' ? POSTGRES[code] : undefined);
}

function unreachable(message: string): Meaning {
  return { code: 'store.failed', message, hint: 'Check DATABASE_URL and that the server is up.' };
}

function lost(message: string): Meaning {
  const hint = 'Check that the server is up. `gazette issue resume` continues an issue that was being sent.';
  return { code: 'store.failed', message, hint, isLost: true };
}

function uncertified(message: string): Meaning {
  const hint =
    'Name the file of its authority: sslmode=verify-full&sslrootcert=/path/ca.pem in DATABASE_URL. sslmode=require encrypts without checking.';
  return { code: 'store.failed', message, hint };
}
