/**
 * The files of themes, messages and pages as they are on the disk: read and parsed once for each state of their folders, never in a
 * request or a loop (rule: loaded-once).
 */
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { GazetteError } from '../domain/errors.js';
import type { Files } from '../domain/ports/host.js';

export interface TemplateFiles {
  /** The present state of the folders, which are looked at once a second at most. */
  current(): Promise<TemplateState>;
  /** Does some work with the present state. Where one of its files is broken, does it again with the last state that worked. */
  lastGood<Result>(work: (state: TemplateState) => Promise<Result>): Promise<Result>;
  /** The next call looks at the folders again, however soon. */
  lookAgain(): void;
  /** How often something was parsed; equal before and after a request that parses nothing. */
  readonly parses: number;
}

/** The files of one moment, and what was made of them. */
export interface TemplateState {
  /** Changes when one of the files does. */
  readonly version: string;
  /** Absolute; earlier folders go before later ones. */
  readonly folders: readonly string[];
  /** How a path is shown to people. */
  shown(path: string): string;
  /** With line ends as templates have them; `undefined`: no such file. */
  text(path: string): string | undefined;
  /** The paths below a folder, sorted. */
  list(folder: string): readonly string[];
  /** What `parse` makes of the files, made once; a failure is kept as well. */
  parsed<Value>(key: string, parse: () => Value | Promise<Value>): Promise<Value>;
}

export interface TemplateFilesOptions {
  readonly files: Pick<Files, 'read' | 'versions'>;
  /** Absolute; the workspace's templates/ before the package's. */
  readonly folders: readonly string[];
  /** Unchanged paths when absent. */
  readonly shown?: (path: string) => string;
  /** Called once for each state with a broken file in place of which the last good state is used. */
  readonly onBroken?: (error: GazetteError) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs?: () => number;
}

/** An edited file is used after this time at the latest. */
const LOOK_EVERY_MS = 1_000;
/** Keys of what is parsed may come from outside, such as languages. */
const MOST_PARSED = 500;

/** Opens the files of these folders. Reads nothing until asked. */
export function openTemplateFiles(options: TemplateFilesOptions): TemplateFiles {
  const { files, folders, shown = (path) => path, onBroken, nowMs = () => performance.now() } = options;
  let state: LoadedState | undefined;
  let good: LoadedState | undefined;
  let look: { readonly atMs: number; readonly done: Promise<LoadedState> } | undefined;
  let parses = 0;

  async function lookNow(): Promise<LoadedState> {
    const versions = await versionsIn(files, folders);
    const version = createHash('sha256')
      .update(JSON.stringify([...versions]))
      .digest('base64url');
    if (state?.version === version) return state;
    if (state?.hasWorked && !state.isBroken) good = state;
    const texts = new Map<string, string>();
    for (const path of versions.keys()) {
      const bytes = await files.read(path);
      if (bytes) texts.set(path, new TextDecoder().decode(bytes).replace(/\r\n?/g, '\n'));
    }
    state = loadedState({ version, texts, folders, shown }, () => {
      parses += 1;
    });
    return state;
  }

  function current(): Promise<LoadedState> {
    if (look && nowMs() - look.atMs < LOOK_EVERY_MS) return look.done;
    const done = lookNow();
    look = { atMs: nowMs(), done };
    done.catch(() => {
      look = undefined;
    });
    return done;
  }

  return {
    current,
    async lastGood(work) {
      const present = await current();
      if (present.isBroken && good) return work(good);
      try {
        const result = await work(present);
        present.hasWorked = true;
        return result;
      } catch (error) {
        if (!good || !(error instanceof GazetteError) || error.code !== 'theme.invalid') throw error;
        if (!present.isBroken) onBroken?.(error);
        present.isBroken = true;
        return work(good);
      }
    },
    lookAgain() {
      look = undefined;
    },
    get parses() {
      return parses;
    },
  };
}

interface LoadedState extends TemplateState {
  /** Something was made of it. */
  hasWorked: boolean;
  isBroken: boolean;
}

interface StateFiles extends Pick<TemplateState, 'version' | 'folders' | 'shown'> {
  readonly texts: ReadonlyMap<string, string>;
}

function loadedState({ version, texts, folders, shown }: StateFiles, onParse: () => void): LoadedState {
  const made = new Map<string, Promise<unknown>>();
  return {
    version,
    folders,
    shown,
    hasWorked: false,
    isBroken: false,
    text: (path) => texts.get(path),
    list: (folder) => [...texts.keys()].filter((path) => path.startsWith(join(folder, '/'))).sort(),
    parsed<Value>(key: string, parse: () => Value | Promise<Value>) {
      const before = made.get(key);
      if (before) return before as Promise<Value>;
      if (made.size >= MOST_PARSED) made.clear();
      onParse();
      const value = (async () => parse())();
      made.set(key, value);
      // The caller handles it; there may be no caller any more.
      value.catch(() => undefined);
      return value;
    },
  };
}

/** What the templates among these files look like from outside, by path. */
async function versionsIn(
  files: Pick<Files, 'versions'>,
  folders: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const folder of folders) {
    for (const [path, { version }] of (await files.versions(folder)) ?? [])
      if (/\.(?:hbs|yaml|css)$/.test(basename(path))) found.set(path, version);
  }
  return found;
}
