/** Effects of the machine: time, files, DNS, processes, log. `platform/` implements them. */

export interface Clock {
  now(): Date;
  /** Resolves after `ms`, or at once when the signal is aborted; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The instants of a schedule, in a time zone (rule: occurrence). All strict: never the reference itself. */
export interface Calendar {
  next(schedule: string, timezone: string, after: Date): Date;
  previous(schedule: string, timezone: string, before: Date): Date;
  /** What the clocks of a zone show at an instant: `2026-11-30T08:00`. */
  localTime(timezone: string, at: Date): string;
}

/** This process, and whether another one still lives: who owns a lease (rule: owner). */
export interface Processes {
  /** Names this process for leases: host, pid, start time, and a random part. */
  readonly self: string;
  /** `elsewhere` for an owner on another host, of which nothing is known. */
  stateOf(owner: string): 'alive' | 'dead' | 'elsewhere';
}

/** Structured events, dotted and past tense: `issue.planned`. Addresses are masked by the caller. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}
export type LogFields = { readonly [name: string]: unknown };

/** The file system. Paths are absolute, with the host's separators. */
export interface Files {
  /** `undefined` when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /**
   * A file below a folder; `undefined` when it is missing, larger, hidden, no regular file, or a link that leads out of the folder.
   * @param path below the folder, with `/`
   */
  readBelow(folder: string, path: string, maxBytes: number): Promise<Uint8Array | undefined>;
  /** The bytes of a file as they are read, for one that may be large. Throws what the host says, also when it is missing. */
  stream(path: string): AsyncIterable<Uint8Array>;
  /** Every regular file below a folder, sorted by path; links that lead out of it are skipped. `undefined`: no such folder. */
  list(folder: string): Promise<readonly string[] | undefined>;
  /** The files that `list` gives, each with what tells that it was written. Reads no content. */
  versions(folder: string): Promise<ReadonlyMap<string, FileVersion> | undefined>;
  /** Makes the folders on the way; the file is there whole or not at all. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /**
   * The same for what no other user of this host may read: secrets, readers, and mails to them. The file is born with
   * mode 0600, also where it replaces another, and folders on the way with 0700; a folder that is there stays as it is.
   */
  writePrivate(path: string, content: string | Uint8Array): Promise<void>;
  /**
   * Makes an empty file with mode 0600 for something else to fill, such as a database. A file that is there stays as it
   * is, unless it is empty: then its mode becomes 0600. Where none can be made, it is left to who opens it to say why.
   */
  claimPrivate(path: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export interface FileVersion {
  /** Changes when the file is written; but not for certain when it is written twice within a moment. */
  readonly version: string;
  /** When the file system last noted a change, in epoch milliseconds. */
  readonly changedAt: number;
}

/** The domain name system. Both are empty when there is no record; they reject when no server answers. */
export interface Dns {
  /** Each record with its strings joined. */
  txt(name: string): Promise<readonly string[]>;
  /** Names of mail servers, best first. */
  mx(name: string): Promise<readonly string[]>;
}

/** Does one job of plain data away from the event loop. Rejects with the signal's reason when it is aborted. */
export type RunJob = (job: unknown, signal?: AbortSignal) => Promise<JobEnd>;

export type JobEnd =
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'too-long'; readonly limitMs: number }
  | { readonly kind: 'out-of-memory'; readonly memoryMb: number }
  | { readonly kind: 'failed'; readonly reason: string };

/** The machine this runs on. */
export interface Host {
  /** The release of the time zone data, such as 2026b. */
  readonly zoneData: string | undefined;
  /** Bytes left on the disk of a folder. */
  freeBytes(folder: string): Promise<number>;
  /** Who may do what with a file or folder, such as 0o600; `undefined` where there is nothing, or modes mean nothing. */
  mode(path: string): Promise<number | undefined>;
}

/** How an address on the web answers. */
export type WebAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly date?: Date }
  | { readonly kind: 'failed'; readonly text: string };

/** Follows an address to where it ends; never rejects for what the world says. */
export type AskLink = (url: string, signal?: AbortSignal) => Promise<LinkAnswer>;

export type LinkAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Where it ended. */
      readonly url: string;
      /** It was sent on: the whole way for good, or part of it for now. */
      readonly moved?: 'for-good' | 'for-now';
      /** Its media type. */
      readonly type?: string;
      readonly bytes?: number;
    }
  /** It leads into a private network, where nothing is asked. */
  | { readonly kind: 'private'; readonly url: string }
  | { readonly kind: 'no-such-host' }
  | { readonly kind: 'failed'; readonly text: string };

/**
 * Reads an address of the web for a source. Never rejects for what the world says; rejects with the signal's reason when
 * it is aborted. Private networks are refused at every redirect and after DNS, unless the request names the host.
 */
export type FetchWeb = (request: WebRequest, signal?: AbortSignal) => Promise<WebResponse>;

export interface WebRequest {
  readonly url: string;
  /** Media types, as `Accept` has them. */
  readonly accept?: string;
  /** Further headers, such as credentials. A redirect to another origin does not get them. */
  readonly headers?: { readonly [name: string]: string };
  /** Of an earlier response from this very address, as received: makes the request conditional. */
  readonly validators?: WebValidators;
  /** Of the body, decompressed. Absent: 20 MB. */
  readonly maxBytes?: number;
  /** Host names that may be in a private network. */
  readonly allowPrivate?: readonly string[];
}

/** What makes the next request of the same address conditional. */
export interface WebValidators {
  readonly etag?: string;
  readonly lastModified?: string;
}

export type WebResponse =
  /** Whatever the status, errors included. */
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Where it ended. */
      readonly url: string;
      /** Where the address has moved for good: the end of the permanent redirects it began with. */
      readonly movedTo?: string;
      /** Only for an address that was not redirected for now: validators belong to the address that is asked. */
      readonly validators?: WebValidators;
      /** Names in lower case. */
      readonly headers: ReadonlyMap<string, string>;
      readonly body: Uint8Array;
    }
  | { readonly kind: 'not-modified'; readonly headers: ReadonlyMap<string, string> }
  /** It was not asked, or not read to its end, because it breaks a limit of ours. */
  | { readonly kind: 'refused'; readonly why: WebRefusal; readonly url: string }
  /** There was no answer. @property text says why, as part of a sentence */
  | { readonly kind: 'failed'; readonly isUnknownHost: boolean; readonly text: string; readonly url: string };

export type WebRefusal = 'private' | 'scheme' | 'too-large' | 'too-many-redirects';
