/** The editor's settings: content/sources.yaml and content/newsletters, all their problems at once, each at its place. */
import { basename, join, relative, sep } from 'node:path';
import type { z } from 'zod';
import { GazetteError, type Problem } from '../domain/errors.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Files } from '../domain/ports/host.js';
import { invalidSettings } from './invalid-settings.js';
import type { NewsletterContext } from './newsletter-from-settings.js';
import type { CheckSchedule } from './newsletter-settings.js';
import { type ReadNewsletter, readNewsletter } from './read-newsletter.js';
import { readSources, type SourceKind } from './read-sources.js';

export type { SourceKind } from './read-sources.js';

export interface WorkspaceTools<Kind extends SourceKind> {
  readonly sourceKinds: readonly Kind[];
  readonly checkSchedule: CheckSchedule;
  /** The time between two occurrences of a schedule; asked only for schedules that passed the check. */
  readonly periodMs: NewsletterContext['periodMs'];
}

export interface Workspace<SourceOptions> {
  readonly root: string;
  /** Absolute; what a source's `dir` is relative to. */
  readonly contentDir: string;
  /** Checked options, with their `kind`, by name. */
  readonly sources: ReadonlyMap<string, SourceOptions>;
  /** Sorted by file. */
  readonly newsletters: readonly Newsletter[];
  /** file:line:column of a key of each newsletter, by id; of its file where the key is not written. */
  readonly settingPlaces: ReadonlyMap<string, (key: string) => string>;
}

/**
 * Reads the settings below `root`, an absolute path.
 * Throws `config.no-workspace` where there are none, and `config.invalid` with every problem of every file.
 */
export async function loadWorkspace<Kind extends SourceKind>(
  files: Files,
  root: string,
  tools: WorkspaceTools<Kind>,
): Promise<Workspace<z.output<Kind['options']>>> {
  const contentDir = join(root, 'content');
  const sourcesFile = join(contentDir, 'sources.yaml');
  const bytes = await files.read(sourcesFile);
  const paths = await newsletterPaths(files, contentDir);
  if (bytes === undefined && paths === undefined)
    throw new GazetteError('config.no-workspace', `There is no workspace in ${root}: it has no content/sources.yaml.`);

  const shown = (path: string) => relative(root, path).split(sep).join('/');
  const sources = readSources(bytes, shown(sourcesFile), tools.sourceKinds);
  const context: NewsletterContext = { sourceNames: sources.names, periodMs: tools.periodMs };
  const read: ReadNewsletter[] = [];
  for (const path of paths ?? []) {
    const content = (await files.read(path)) ?? new Uint8Array();
    read.push(readNewsletter(content, shown(path), tools.checkSchedule, context));
  }
  const problems = [...sources.problems, ...read.flatMap((each) => each.problems), ...sharedIds(read)];
  if (read.length === 0)
    problems.push({ where: 'content/newsletters', message: 'The folder has no newsletter in it.' });
  if (problems.length > 0) throw invalidSettings(problems);

  const newsletters = read.flatMap(({ newsletter }) => newsletter ?? []);
  const settingPlaces = new Map(
    read.flatMap(({ newsletter, whereOf }) => (newsletter && whereOf ? [[newsletter.id, whereOf]] : [])),
  );
  return { root, contentDir, sources: sources.options, newsletters, settingPlaces };
}

/** `undefined`: there is no folder for them. */
export async function newsletterPaths(
  files: Pick<Files, 'list'>,
  contentDir: string,
): Promise<readonly string[] | undefined> {
  const found = await files.list(join(contentDir, 'newsletters'));
  return found?.filter((path) => /\.ya?ml$/i.test(path) && !basename(path).startsWith('.'));
}

/** Two files with one id: named at the second, with the place of the first. */
function sharedIds(read: readonly ReadNewsletter[]): readonly Problem[] {
  const owners = new Map<string, string>();
  return read.flatMap(({ id }) => {
    if (id === undefined) return [];
    const owner = owners.get(id.value);
    owners.set(id.value, owner ?? id.where);
    return owner === undefined
      ? []
      : [{ where: id.where, message: `id: “${id.value}” is the id of ${owner} already.` }];
  });
}
