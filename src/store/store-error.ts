/**
 * What a database's own errors mean to the person who runs Gazette: the one place where driver codes are read.
 */
import { type ErrorCode, GazetteError } from '../domain/errors.js';

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
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
  '28P01': unreachable('The database server refused the password.'),
  '28000': unreachable('The database server refused the user.'),
  '3D000': unreachable('The database server has no database of this name.'),
  '53300': unreachable('The database server takes no more connections.'),
  '57P03': unreachable('The database server is starting or stopping.'),
  ECONNREFUSED: unreachable('The database server does not answer.'),
  ECONNRESET: unreachable('The database server closed the connection.'),
  ENOTFOUND: unreachable('The database server’s host name is not known.'),
  ETIMEDOUT: unreachable('The database server does not answer.'),
};

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
  return typeof code === 'string' ? POSTGRES[code] : undefined;
}

function unreachable(message: string): Meaning {
  return { code: 'store.failed', message, hint: 'Check DATABASE_URL and that the server is up.' };
}
