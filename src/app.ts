/**
 * The program as `main.ts` runs it: opens what a command needs when it needs it. Servers are imported where they are opened, so
 * that short commands do not load them.
 */
import { resolve } from 'node:path';
import {
  type AppOptions,
  type BuiltApp,
  openMjmlThread,
  openParser,
  openWorkspace,
  type ProcessOptions,
} from './build-app.js';
import type { App, Workspace } from './cli/context.js';
import type { GazetteError } from './domain/errors.js';
import { machineFault } from './domain/machine-fault.js';
import { runDoctor } from './operate/doctor.js';
import { localFiles } from './platform/files.js';

export function openApp(given: AppOptions): App {
  const files = localFiles();
  const parser = openParser(given.signal);
  const printer = openMjmlThread(given.signal);
  const options: ProcessOptions = { ...given, runParse: parser.run };
  /** For what serves people while mails are printed. A command by itself is faster, and smaller, without another thread. */
  const serving: ProcessOptions = { ...options, runMjml: printer.run };
  const open: { close(): Promise<void> }[] = [];
  const rootOf = (root: string) => resolve(options.folder, root);
  let workspace: Promise<Workspace> | undefined;

  async function built(root: string) {
    const app = await openWorkspace(options, files, rootOf(root));
    open.push(app);
    return app;
  }

  /** A database that cannot be opened is one finding; everything else is checked all the same. */
  async function builtForDoctor(root: string): Promise<BuiltApp & { readonly databaseFault?: GazetteError }> {
    try {
      return await built(root);
    } catch (error) {
      const fault = machineFault(error);
      if (!fault || !/^(?:store|machine)\./.test(fault.code)) throw error;
      const { openSqliteStore } = await import('./store/index.js');
      const app = await openWorkspace(options, files, rootOf(root), { store: await openSqliteStore({ path: '' }) });
      open.push(app);
      return { ...app, databaseFault: fault };
    }
  }

  return {
    openWorkspace: (root) => {
      workspace ??= built(root).then(({ deps }) => deps);
      return workspace;
    },
    demo: async ({ root, ...request }) => (await import('./run-demo.js')).demo(options, files, rootOf(root), request),
    demoStudio: async ({ root, ...request }) =>
      (await import('./run-demo.js')).demoStudio(serving, files, rootOf(root), request),
    studio: async ({ root, ...request }) =>
      (await import('./run-studio.js')).runStudio(serving, files, rootOf(root), request),
    serve: async (request) => (await import('./run-service.js')).runService(serving, files, request),
    doctor: async (root, signal) => {
      const { deps, doctorTools, databaseFault } = await builtForDoctor(root);
      return runDoctor(
        { ...deps, ...doctorTools, now: deps.clock.now(), ...(databaseFault && { databaseFault }) },
        signal,
      );
    },
    init: async (root) => (await import('./run-init.js')).init(files, rootOf(root)),
    initFrom: async (root, request) => (await import('./run-init.js')).initFrom(options, files, rootOf(root), request),
    close: async () => {
      for (const each of open.reverse()) await each.close();
      const ended = new Error('The program has ended.');
      await Promise.all([parser.close(ended), printer.close(ended)]);
    },
  };
}
