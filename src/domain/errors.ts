/**
 * Every way Gazette says that the program or its operator is wrong. Codes never change once released.
 * What the outside world refuses (a server's no, a missing page) is returned as data, never thrown.
 */

/** Codes with the way out that holds wherever they occur; a throw may give a better one. */
const CATALOGUE = {
  stopped: 'Run the command again; nothing half-done is kept.',
  usage: 'Run the command with --help.',
  'config.invalid': 'Fix the places named; docs/settings.md lists every key.',
  'config.missing-newsletter': 'Name a file of content/newsletters by its id.',
  'config.changed': 'Read the file again, then make the change once more.',
  'config.no-workspace': 'Run `gazette init` here, or name the workspace with --root.',
  'env.invalid': 'Fix the variable in the environment or in .env; docs/settings.md lists them.',
  'source.failed': 'Fix the source, or remove it from the newsletter.',
  'theme.invalid': 'Fix the template at the place named.',
  'theme.missing': 'Name a folder of templates/.',
  'store.failed': 'See the cause; nothing half-written is kept.',
  'store.locked': 'Another process is using the database; try again when it is done.',
  'store.read-only': 'Give this user the right to write the database file and its folder.',
  'store.full': 'Free some space on the disk; what was written is kept, and the issue can be resumed.',
  'store.version': 'Use the release of Gazette that wrote this database, or a newer one.',
  'store.unfit': 'Use a Postgres 12 or newer, and a database with the encoding UTF8.',
  'store.exists': 'Name a file that is not there yet.',
  'store.copy': 'When the original sends nothing any more, run `gazette adopt`.',
  'import.unreadable': 'Fix the file; nothing was imported.',
  'issue.missing': 'See `gazette issues`.',
  'issue.state': 'See `gazette issue show`.',
  'send.not-ready': 'Set what is missing, then send again.',
  'send.now': 'Leave out --now, or use --dry-run.',
  'send.stopped': 'Fix the cause, then run `gazette issue resume`.',
  'transport.failed': 'Check SMTP_URL and that the server is up.',
  'audience.missing': 'See `gazette subscribers list`.',
  'address.invalid': 'Write it as name@example.org.',
  'machine.denied': 'Give the user that Gazette runs as the right to it.',
  'machine.path': 'Check the path.',
  'machine.full': 'Free some space on the disk.',
  'machine.limit': 'Raise the limit of open files.',
  'machine.network': 'Check the address and the network.',
  'machine.certificate': 'Check the certificate of the server.',
} as const satisfies { readonly [code: string]: string };

export type ErrorCode = keyof typeof CATALOGUE;

export interface ErrorDetails {
  /** What to do about it; the catalogue's word for the code when absent. */
  readonly hint?: string;
  /** file:line:column for anything an editor wrote. */
  readonly where?: string;
  readonly cause?: unknown;
  /** There is no use in trying again any earlier. */
  readonly retryAfterMs?: number;
  /** Single problems of one whole, each a line. */
  readonly problems?: readonly Problem[];
}

/** One thing wrong in something a person wrote. */
export interface Problem {
  readonly where: string;
  readonly message: string;
}

/** The class of every error that Gazette throws on purpose. */
export class GazetteError extends Error {
  override readonly name = 'GazetteError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly where: string | undefined;
  readonly problems: readonly Problem[];
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint ?? CATALOGUE[code];
    this.where = details.where;
    this.problems = details.problems ?? [];
    this.retryAfterMs = details.retryAfterMs;
  }
}
