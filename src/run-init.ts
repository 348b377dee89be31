/** Makes a workspace: from the package's model, or for a blog that is there. */
import { randomBytes } from 'node:crypto';
import { basename, join, sep } from 'node:path';
import { openWebSource, PACKAGE, type ProcessOptions, readWorkspace } from './build-app.js';
import type { InitFromReport, InitRequest } from './cli/context.js';
import { loadEnv } from './config/load-env.js';
import { NEW_WORKSPACE_PATHS, newWorkspaceFiles } from './config/new-workspace.js';
import { sourceVariableName } from './config/read-variables.js';
import { GazetteError } from './domain/errors.js';
import type { FoundBlog } from './domain/found-blog.js';
import type { Files } from './domain/ports/host.js';
import { findWorkspace } from './operate/init-from.js';
import { type InitReport, initWorkspace } from './operate/init-workspace.js';
import { systemClock } from './platform/clock.js';
import { blogPlaceFrom } from './sources/find/blog-place.js';
import { findBlog, toldByPlace } from './sources/find/find-blog.js';
import { openSource, withDefaults } from './sources/index.js';

/** The name of the source in a new workspace. */
const SOURCE = 'blog';

/** @param root absolute */
export function init(files: Files, root: string, given: Parameters<typeof initWorkspace>[2] = {}): Promise<InitReport> {
  const newSecret = () => randomBytes(32).toString('base64url');
  return initWorkspace({ files, model: join(PACKAGE, 'templates', 'workspace'), newSecret }, root, given);
}

/** A person waits for each answer of the blog. */
const ANSWER_MS = 12_000;

/** Finds the blog, and writes the workspace unless it is only to be shown, or there is one. @param root absolute */
export async function initFrom(
  options: ProcessOptions,
  files: Files,
  root: string,
  { dryRun, ask, ...request }: InitRequest,
): Promise<InitFromReport> {
  const settings = await loadEnv({ env: options.env, dotenv: '', files, root });
  const web = openWebSource(settings, systemClock, ANSWER_MS);
  const toolsWith = (credentials: string | undefined) => ({
    ...web,
    ...{ files, contentDir: join(root, 'content'), runParse: options.runParse },
    credentialsOf: (name: string) => settings.sourceCredentials.get(sourceVariableName(name)) ?? credentials,
  });
  const from = await blogPlaceFrom(request.from, options.folder, files);
  const at = systemClock.now();
  const there = await Promise.all(NEW_WORKSPACE_PATHS.map((path) => files.read(join(root, path))));
  const isNew = there.every((bytes) => bytes === undefined);
  const found = await findWorkspace(
    {
      findBlog: (place, look) => findBlog(place, SOURCE, toolsWith(undefined), look),
      openSource: (facts: FoundBlog) => openSource(SOURCE, withDefaults(facts.options), toolsWith(facts.credentials)),
      languages: await languagesIn(files, root),
      // Nobody is asked for settings that are not written.
      ...(ask && isNew && { ask }),
    },
    { ...request, from, root, now: at },
  ).catch((error: unknown) => {
    throw toldByPlace(error, from);
  });
  const texts = newWorkspaceFiles(found);
  await checkTexts(texts, root, files);
  if (dryRun) return { at, found, texts };
  // Half of these settings beside half of others would be a workspace that does not fit together.
  if (!isNew)
    return { at, found, texts, written: await init(files, root, { texts: texts.filter((_, index) => there[index]) }) };
  const environment = found.credentials === undefined ? [] : [`${sourceVariableName(SOURCE)}=${found.credentials}`];
  return { at, found, texts, written: await init(files, root, { texts, environment }) };
}

/** The languages that mails and pages have messages in: those of the package, and of the workspace. */
async function languagesIn(files: Files, root: string): Promise<readonly string[]> {
  const folders = [join(PACKAGE, 'templates', 'messages'), join(root, 'templates', 'messages')];
  const listed = await Promise.all(folders.map((folder) => files.list(folder)));
  return listed.flatMap((paths) => (paths ?? []).map((path) => basename(path, '.yaml')));
}

/** Reads the settings as every command will, before they are written. Throws `usage` for what was given and cannot be used. */
async function checkTexts(texts: InitFromReport['texts'], root: string, files: Files): Promise<void> {
  const written = new Map(texts.map(({ path, text }) => [join(root, path), new TextEncoder().encode(text)]));
  const overlay: Files = {
    ...files,
    read: async (path) => written.get(path),
    list: async (folder) => [...written.keys()].filter((path) => path.startsWith(`${folder}${sep}`)),
  };
  try {
    await readWorkspace(overlay, root);
  } catch (error) {
    if (!(error instanceof GazetteError) || error.code !== 'config.invalid') throw error;
    const problems = error.problems.map(({ message }) => message).join(' ') || error.message;
    throw new GazetteError('usage', `The new workspace would have settings that are not valid: ${problems}`, {
      hint: 'Correct the options of the command: see gazette init --help.',
    });
  }
}
