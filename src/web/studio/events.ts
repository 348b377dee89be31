/** `/events`: tells open pages that something has changed. */
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Studio } from '../../studio/index.js';

/** Several changes within this time, such as the mails of an issue arriving, are reported as one. */
const GROUP_MS = 200;
/** Some proxies close a connection that is silent for longer. */
const KEEP_ALIVE_MS = 20_000;

export function streamChanges(context: Context, studio: Pick<Studio, 'signal' | 'version' | 'onChange'>): Response {
  return streamSSE(context, async (stream) => {
    let wake: () => void = () => undefined;
    const stop = studio.onChange(() => wake());
    const isOver = () => stream.aborted || studio.signal.aborted;
    stream.onAbort(() => wake());
    let reported = -1;
    while (!isOver()) {
      const version = studio.version();
      if (version !== reported) {
        reported = version;
        await stream.writeSSE({ event: 'version', data: String(version) });
        await stream.sleep(GROUP_MS);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, KEEP_ALIVE_MS);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (studio.version() !== reported || isOver()) wake();
      });
      if (!isOver() && studio.version() === reported) await stream.writeSSE({ event: 'keep-alive', data: '' });
    }
    stop();
  });
}
