/** Makes a workspace: from the package's model, or for a blog that is there. */
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { openWebSource, PACKAGE, type ProcessOptions } from './build-app.js';
import type { InitFromReport, InitRequest } from './cli/context.js';
import { loadEnv } from './config/load-env.js';
import { newWorkspaceFiles } from './config/new-workspace.js';
import { sourceVariableName } from './config/read-variables.js';
import type { Files } from './domain/ports/host.js';
import { type BlogFacts, findWorkspace } from './operate/init-from.js';
import { type InitReport, initWorkspace } from './operate/init-workspace.js';
import { systemClock } from './platform/clock.js';
import { findBlog } from './sources/find/find-blog.js';
import { openSource, withDefaults } from './sources/index.js';

/** The name of the source in a new workspace. */
const SOURCE = 'blog';

/** @param root absolute */
export function init(files: Files, root: string, given: Parameters<typeof initWorkspace>[2] = {}): Promise<InitReport> {
  const newSecret = () => randomBytes(32).toString('base64url');
  return initWorkspace({ files, model: join(PACKAGE, 'templates', 'workspace'), newSecret }, root, given);
}

/** Finds the blog, and writes the workspace unless it is only to be shown. @param root absolute */
export async function initFrom(
  options: ProcessOptions,
  files: Files,
  root: string,
  { dryRun, ...request }: InitRequest,
): Promise<InitFromReport> {
  const settings = await loadEnv({ env: options.env, dotenv: '', files, root });
  const toolsWith = (credentials: string | undefined) => ({
    ...openWebSource(settings, systemClock),
    ...{ files, contentDir: join(root, 'content'), runParse: options.runParse },
    credentialsOf: (name: string) => settings.sourceCredentials.get(sourceVariableName(name)) ?? credentials,
  });
  const from = /^https?:\/\//i.test(request.from) ? request.from : resolve(options.folder, request.from);
  const found = await findWorkspace(
    {
      findBlog: (place, signal) => findBlog(place, SOURCE, toolsWith(undefined), signal),
      openSource: (facts: BlogFacts) => openSource(SOURCE, withDefaults(facts.options), toolsWith(facts.credentials)),
    },
    { ...request, from, root, now: systemClock.now() },
  );
  const texts = newWorkspaceFiles(found);
  if (dryRun) return { found, texts };
  const environment = found.credentials === undefined ? [] : [`${sourceVariableName(SOURCE)}=${found.credentials}`];
  return { found, texts, written: await init(files, root, { texts, environment }) };
}
