/** What an error of the machine means to the person who runs Gazette: files, disk, network, certificates (rule: machine-faults). */
import { type ErrorCode, GazetteError } from './errors.js';

/** The fields that Node gives an error of the operating system or of TLS. */
interface SystemError extends Error {
  readonly code: string;
  readonly path?: string;
  readonly dest?: string;
  readonly syscall?: string;
  readonly address?: string;
  readonly hostname?: string;
  readonly host?: string;
  readonly port?: number;
}

interface Meaning {
  readonly code: ErrorCode;
  message(error: SystemError): string;
  /** @param user who the program runs as */
  hint(error: SystemError, user: string): string;
}

/**
 * The error as one that names the place, who the program runs as, and what to do; `undefined` for what is no error of the
 * machine. An error of ours is returned as it is.
 * @param user who the program runs as
 */
export function machineFault(error: unknown, user = 'another user'): GazetteError | undefined {
  if (error instanceof GazetteError) return error;
  const system = systemErrorIn(error);
  const meaning = system && MEANINGS[system.code];
  if (!meaning) return undefined;
  const [message, hint] = [meaning.message(system), meaning.hint(system, user)];
  return new GazetteError(meaning.code, message, { hint, cause: error });
}

const DENIED: Meaning = {
  code: 'machine.denied',
  message: (error) => `This user may not ${actionOf(error)} ${placeOf(error)}.`,
  hint: (error, user) =>
    `Gazette runs as ${user}. Give that user the right to it (see \`ls -ld\` of ${placeOf(error)} and of its folder), or run Gazette as its owner.`,
};

const PATH: Meaning = {
  code: 'machine.path',
  message: (error) => `${placeOf(error)} cannot be used: ${PATH_WORDS[error.code]}.`,
  hint: () => 'Check the path, and that nothing else moves or removes it.',
};

const PATH_WORDS: { readonly [code: string]: string } = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'a part of it is a file where a folder is expected',
  EISDIR: 'it is a folder where a file is expected',
  EEXIST: 'it is there already',
  ENOTEMPTY: 'the folder is not empty',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'its name is too long for this file system',
  EXDEV: 'it is on another file system',
  EBUSY: 'another program is using it',
};

const LIMIT: Meaning = {
  code: 'machine.limit',
  message: () => 'This machine lets Gazette open no more files and connections.',
  hint: () => 'Raise the limit (`ulimit -n`, or LimitNOFILE= in the systemd unit), then start Gazette again.',
};

const NETWORK: Meaning = {
  code: 'machine.network',
  message: (error) => `${endpointOf(error)} ${NETWORK_WORDS[error.code]}.`,
  hint: () => 'Check the address, and that the network and its name server are up.',
};

const NETWORK_WORDS: { readonly [code: string]: string } = {
  ECONNREFUSED: 'refuses connections: nothing listens there',
  ECONNRESET: 'closed the connection',
  EPIPE: 'closed the connection',
  ENOTFOUND: 'is not known to the name server',
  EAI_AGAIN: 'could not be looked up: the name server does not answer',
  ETIMEDOUT: 'does not answer',
  EHOSTUNREACH: 'cannot be reached from this machine',
  ENETUNREACH: 'cannot be reached from this machine',
};

const CERTIFICATE: Meaning = {
  code: 'machine.certificate',
  message: (error) => `The certificate of ${endpointOf(error)} is refused: ${CERTIFICATE_WORDS[error.code]}.`,
  hint: () =>
    'Ask the owner of the server for a valid certificate. For a private authority, put its certificate in a file and set NODE_EXTRA_CA_CERTS to the path.',
};

const CERTIFICATE_WORDS: { readonly [code: string]: string } = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not known to this machine',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the server does not send the certificates between it and its authority',
  UNABLE_TO_GET_ISSUER_CERT: 'its authority is not known to this machine',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not known to this machine',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet; check the clock of this machine',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it was issued for another host name',
};

const MEANINGS: { readonly [code: string]: Meaning } = {
  ...of(PATH_WORDS, PATH),
  ...of(NETWORK_WORDS, NETWORK),
  ...of(CERTIFICATE_WORDS, CERTIFICATE),
  ...{ EACCES: DENIED, EPERM: DENIED, EMFILE: LIMIT, ENFILE: LIMIT },
  EROFS: {
    code: 'machine.denied',
    message: (error) => `${placeOf(error)} is on a file system that cannot be written to.`,
    hint: () => 'Use a folder that can be written to, or mount this one for writing.',
  },
  ENOSPC: full('is full'),
  EDQUOT: full('has no space left for this user'),
  EIO: {
    code: 'machine.path',
    message: (error) => `The disk failed at ${placeOf(error)}.`,
    hint: () => 'Check that the disk is healthy and still mounted.',
  },
};

function of(words: { readonly [code: string]: string }, meaning: Meaning): { readonly [code: string]: Meaning } {
  return Object.fromEntries(Object.keys(words).map((code) => [code, meaning]));
}

function full(what: string): Meaning {
  return {
    code: 'machine.full',
    message: (error) => `The disk of ${placeOf(error)} ${what}.`,
    hint: () => 'Free some space, then run the command again. Nothing half-written is kept.',
  };
}

/** The first error of the system among an error, its causes, and the errors it gathers. */
function systemErrorIn(error: unknown): SystemError | undefined {
  const waiting: unknown[] = [error];
  const seen = new Set<unknown>();
  for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) {
    if (!(each instanceof Error) || seen.has(each)) continue;
    seen.add(each);
    if ('code' in each && typeof each.code === 'string' && each.code in MEANINGS) return each as SystemError;
    if (each instanceof AggregateError) waiting.push(...each.errors);
    waiting.push(each.cause);
  }
  return undefined;
}

const ACTIONS: { readonly [syscall: string]: string } = {
  mkdir: 'make the folder',
  scandir: 'list the folder',
  unlink: 'remove',
  rm: 'remove',
  rmdir: 'remove',
  rename: 'replace',
  chmod: 'change the rights of',
  copyfile: 'copy',
  spawn: 'start',
};

function actionOf({ syscall, message }: SystemError): string {
  if (syscall !== 'open') return ACTIONS[syscall ?? ''] ?? 'use';
  // A file that Gazette writes is first written beside its place.
  return /\.tmp'/.test(message) ? 'write a file in the folder of' : 'open';
}

function placeOf({ dest, path, syscall }: SystemError): string {
  const place = syscall === 'rename' ? (dest ?? path) : path;
  return place?.replace(/\/\.([^/]+)\.[0-9a-f]{12}\.tmp$/, '/$1') ?? 'a file';
}

function endpointOf({ address, hostname, host, port }: SystemError): string {
  const name = hostname ?? host ?? address ?? 'the server';
  if (port === undefined) return name;
  return name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`;
}
