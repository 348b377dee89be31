/** The running service: the public pages, the scheduler and the monitoring endpoints, over the settings as they are now. */
import { resolve } from 'node:path';
import { buildApp, openParts, openTemplates, type ProcessOptions, readWorkspace } from './build-app.js';
import type { ServeRequest } from './cli/context.js';
import { type FollowedSettings, followSettings, settingsState } from './config/follow-settings.js';
import { machineFault } from './domain/machine-fault.js';
import type { Files } from './domain/ports/host.js';
import { type SchedulerDeps, startScheduler } from './scheduler/index.js';
import { servePublic } from './web/public/serve-public.js';

/** Serves until the signal is aborted. It logs at `info` unless told otherwise. */
export async function runService(
  options: ProcessOptions,
  files: Files,
  { root: given, port, metricsPort, ...request }: ServeRequest,
): Promise<void> {
  const root = resolve(options.folder, given);
  const used = await settingsState(files, root);
  const opened = await openParts({ ...options, env: { GAZETTE_LOG: 'info', ...options.env } }, files, root);
  const parts = { ...opened, templates: openTemplates(files, root, opened.log) };
  const { log, clock } = parts;
  // A run closes its own connections, so only the latest transport can still be open.
  let built = buildApp(parts);
  const present: SchedulerDeps = {
    get newsletters() {
      return built.deps.newsletters;
    },
    get operate() {
      return built.deps.operate;
    },
    get sending() {
      return built.deps.sending;
    },
    log,
  };
  const settings: FollowedSettings = {
    ...{ files, root, clock },
    async use() {
      const workspace = await readWorkspace(files, root, options.sourceKinds);
      built = buildApp({ ...parts, workspace });
      log.info('settings.used', { newsletters: workspace.newsletters.map(({ id }) => id) });
    },
    onBroken: (error) => log.error('settings.broken', shownFault(error)),
  };
  const serveMetrics = async (toPort: number, signal: AbortSignal) => {
    const { serveMonitor } = await import('./web/monitor/serve-monitor.js');
    const operate = { status: () => built.deps.operate.status(), copiedAt: () => built.deps.operate.copiedAt() };
    return serveMonitor({ operate, log, host: request.host, port: toPort, signal });
  };
  // What comes back is read by settings of the environment, which stay as they were.
  const { deps, waysIn } = built;
  const hooks = deps.feedback.hooks && { hooks: deps.feedback.hooks };
  const publicPort = port ?? Number(options.env.PORT ?? 8080);
  try {
    await untilOneEnds(request.signal, [
      (signal) =>
        servePublic({ readers: () => built.deps.readers.site(), ...hooks, ...request, port: publicPort, signal }),
      (signal) => startScheduler(present, signal),
      (signal) => followSettings(settings, used, signal),
      ...waysIn,
      ...(metricsPort === undefined ? [] : [(signal: AbortSignal) => serveMetrics(metricsPort, signal)]),
    ]);
  } finally {
    await built.close();
  }
}

function shownFault(error: unknown) {
  const fault = machineFault(error);
  if (!fault) return { error };
  const { message: reason, where, hint, problems } = fault;
  return { reason, hint, ...(where !== undefined && { where }), ...(problems.length > 0 && { problems }) };
}

/** Runs the parts of the service together: when one ends or fails, the others are stopped and awaited. */
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
