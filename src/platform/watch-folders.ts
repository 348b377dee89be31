/** Watches folders: a saved file is reported at once, however the editor's program saves it. */
import { watch } from 'chokidar';
import type { WatchFolders } from '../domain/ports/content.js';

/** Programs write a file in several steps; a change is reported when its folder has been quiet for this long. */
const QUIET_MS = 40;
/** They contain no posts, and may be huge. */
const PASSED_OVER = /(?:^|[\\/])(?:\.(?!env$)[^\\/]+|node_modules)(?:[\\/]|$)/;

export const watchFolders: WatchFolders = async (folders, onChange, signal) => {
  if (signal.aborted) return;
  const changed = new Set<string>();
  let quiet: NodeJS.Timeout | undefined;
  const report = () => {
    const paths = [...changed].sort();
    changed.clear();
    onChange(paths);
  };
  const watcher = watch([...folders], {
    ignoreInitial: true,
    // A folder may itself be below one that is skipped.
    ignored: (path) => folders.some((folder) => path.startsWith(folder) && PASSED_OVER.test(path.slice(folder.length))),
  });
  watcher.on('all', (_event, path) => {
    changed.add(path);
    clearTimeout(quiet);
    quiet = setTimeout(report, QUIET_MS);
  });
  // A folder that cannot be watched shows its changes at the next look instead.
  watcher.on('error', () => undefined);
  signal.addEventListener(
    'abort',
    () => {
      clearTimeout(quiet);
      void watcher.close();
    },
    { once: true },
  );
  await new Promise<void>((ready) => watcher.once('ready', () => ready()));
};
