/** What every kind of source is handed. */
import type { FetchWeb, Files, RunJob } from '../domain/ports/host.js';

/** What a source may use of the outside. */
export interface SourceTools {
  readonly files: Files;
  /** Absolute; a source's `dir` is relative to it. */
  readonly contentDir: string;
  readonly fetchWeb: FetchWeb;
  /** What the operator set for a source of this name in the environment: a password or key. */
  credentialsOf(source: string): string | undefined;
  /** Does what sources/parse.ts does, where it holds nothing up. */
  readonly runParse: RunJob;
}
