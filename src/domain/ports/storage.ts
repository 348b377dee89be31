/** What the program remembers. `store/` implements it on SQLite and Postgres. */
import type { ArchiveStore } from './archive.js';
import type { AudienceStore } from './audience.js';
import type { FileLooks } from './content.js';
import type { FeedbackStore } from './feedback-store.js';
import type { Ledger } from './ledger.js';
import type { PostStore } from './posts.js';
import type { SignUpStore } from './sign-ups.js';

export interface Store {
  readonly posts: PostStore;
  readonly looks: LookStore;
  readonly ledger: Ledger;
  readonly audience: AudienceStore;
  readonly signUps: SignUpStore;
  readonly archive: ArchiveStore;
  readonly feedback: FeedbackStore;
  readonly shared: SharedState;
  /** A private copy of this store, to run on without changing this one (rule: looking-changes-nothing). */
  scratch(): Promise<Store>;
  /** The same without readers, to collect into and to draft over: it takes no longer with a million readers than with one. */
  draftScratch(): Promise<Store>;
  /** Writes a consistent copy with a mark inside into a new SQLite file. Throws `store.exists`; nothing is written over. */
  backup(file: string, now: Date): Promise<void>;
  /** When this store was copied from another, which may still be sending; `undefined` for an original. */
  copiedAt(): Promise<Date | undefined>;
  /** Makes a copy an original. */
  adopt(): Promise<void>;
  close(): Promise<void>;
}

/** What sources of files read of each file. A scratch copy shares it with its original: it depends on the files alone. */
export interface LookStore {
  of(source: string): FileLooks;
}

/** Small values, as JSON, that every process on one store shares. */
export interface SharedState {
  /** `undefined` when there is no value. */
  read(key: string): Promise<unknown>;
  /** Changes a value under a lock; `change` may run more than once, so it must be pure. */
  change<Result>(key: string, change: (before: unknown) => SharedChange<Result>): Promise<Result>;
}

export interface SharedChange<Result> {
  /** The new value; `undefined` removes it. */
  readonly after: unknown;
  readonly result: Result;
}
