/** What a kind of source is: its settings, and how it is opened. Programs that use Gazette as a library define their own. */
import type { z } from 'zod';
import type { Source } from '../domain/ports/content.js';
import type { SourceTools } from './source-tools.js';

/** An entry of content/sources.yaml, once checked by the schema of its kind. */
export interface SourceOptions {
  readonly kind: string;
}

export interface SourceKind<Options = SourceOptions> {
  /** What `kind:` in content/sources.yaml says. */
  readonly kind: string;
  /** A strict object with `kind`; every key has a description. */
  readonly options: z.ZodType<Options>;
  /** The absolute folder of a source that reads files: the studio watches it. */
  folderOf?(options: Options, tools: SourceTools): string;
  /** Opens a source without reading anything. Parsers are imported here, so that commands that read no posts do not load them. */
  open(name: string, options: Options, tools: SourceTools): Source | Promise<Source>;
}

/** Checks that the schema and the code of a kind agree on its options. */
export function defineSource<Options extends SourceOptions>(kind: SourceKind<Options>): SourceKind {
  // Options reach a kind only through its own schema.
  return kind as unknown as SourceKind;
}
