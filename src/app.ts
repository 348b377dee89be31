/**
 * The front door: which house each command stands in, and what runs beside it. Servers are imported where they are
 * opened: a command that runs for a moment does not load them.
 */
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { type AppCommands, openAppCommands } from './app-commands.js';
import { type AppOptions, type HouseOptions, openParser, openWorkspace, PACKAGE } from './build-app.js';
import type { App, ServeRequest } from './cli/context.js';
import type { Files } from './domain/ports/host.js';
import { runDoctor } from './operate/doctor.js';
import { type InitReport, initWorkspace } from './operate/init-workspace.js';
import { localFiles } from './platform/files.js';

/** The house from outside. Nothing is opened before it is asked for. */
export function openApp(given: AppOptions): App {
  const files = localFiles();
  const parser = openParser(given.signal);
  const options: HouseOptions = { ...given, runParse: parser.run };
  const open: { close(): Promise<void> }[] = [];
  const rootOf = (root: string) => resolve(options.folder, root);
  let flows: Promise<AppCommands> | undefined;
  return {
    openAppCommands: (root) => {
      flows ??= openWorkspace(options, files, rootOf(root)).then((built) => {
        open.push(built);
        return openAppCommands(built.deps);
      });
      return flows;
    },
    demo: async ({ root, ...request }) => (await import('./run-demo.js')).demo(options, files, rootOf(root), request),
    demoStudio: async ({ root, ...request }) =>
      (await import('./run-demo.js')).demoStudio(options, files, rootOf(root), request),
    studio: async ({ root, ...request }) =>
      (await import('./run-studio.js')).runStudio(options, files, rootOf(root), request),
    serve: (request) => runService(options, files, request),
    doctor: async (root, signal) => {
      const { deps, doctorTools, close } = await openWorkspace(options, files, rootOf(root));
      open.push({ close });
      return runDoctor({ ...deps, ...doctorTools }, signal);
    },
    init: (root): Promise<InitReport> => {
      const newSecret = () => randomBytes(32).toString('base64url');
      return initWorkspace({ files, model: join(PACKAGE, 'templates', 'workspace'), newSecret }, rootOf(root));
    },
    close: async () => {
      for (const each of open.reverse()) await each.close();
      await parser.close(new Error('The program has ended.'));
    },
  };
}

/** The running service: the public pages and the scheduler. It says what it does at `info`, for nobody else tells it. */
async function runService(
  options: HouseOptions,
  files: Files,
  { root, port, metricsPort, ...request }: ServeRequest,
): Promise<void> {
  const { servePublic } = await import('./web/public/serve-public.js');
  const { startScheduler } = await import('./scheduler/index.js');
  const env = { GAZETTE_LOG: 'info', ...options.env };
  const { deps, close } = await openWorkspace({ ...options, env }, files, resolve(options.folder, root));
  try {
    const pagesPort = port ?? Number(options.env.PORT ?? 8080);
    const flows = openAppCommands(deps);
    await untilOneEnds(request.signal, [
      (signal) => servePublic({ readers: deps.readers.site(), ...request, port: pagesPort, signal }),
      (signal) => startScheduler(flows, signal),
      ...(metricsPort === undefined
        ? []
        : [
            async (signal: AbortSignal) => {
              const { serveMonitor } = await import('./web/monitor/serve-monitor.js');
              return serveMonitor({ commands: flows, host: request.host, port: metricsPort, signal });
            },
          ]),
    ]);
  } finally {
    await close();
  }
}

/** Runs parts of one service together: when one ends or fails, the others are asked to end, and awaited. */
async function untilOneEnds(
  signal: AbortSignal,
  parts: readonly ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const ends = await Promise.allSettled(parts.map((part) => part(either).finally(() => stop.abort())));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
