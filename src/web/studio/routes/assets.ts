/** The files of the pages, and the line that tells an open page that something has changed. */
import { streamSSE } from 'hono/streaming';
import type { StudioRoute } from '../open-studio-site.js';

/** Many changes at once, such as an issue arriving, are told together. */
const BREATH_MS = 200;
/** A line that nothing is said on is closed by some proxies. */
const STILL_HERE_MS = 20_000;

export const assetsRoute: StudioRoute = {
  name: 'assets',
  add(app, { asset, flows }) {
    app.get('/assets/:name', async (context) => {
      const found = await asset(context.req.param('name'));
      if (!found) return context.notFound();
      return context.body(new Uint8Array(found.body), 200, { 'Content-Type': found.type });
    });
    app.get('/events', (context) =>
      streamSSE(context, async (stream) => {
        let wake: () => void = () => undefined;
        const stop = flows.onChange(() => wake());
        const isOver = () => stream.aborted || flows.signal.aborted;
        stream.onAbort(() => wake());
        let told = -1;
        while (!isOver()) {
          const version = flows.version();
          if (version !== told) {
            told = version;
            await stream.writeSSE({ event: 'version', data: String(version) });
            await stream.sleep(BREATH_MS);
          }
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, STILL_HERE_MS);
            wake = () => {
              clearTimeout(timer);
              resolve();
            };
            if (flows.version() !== told || isOver()) wake();
          });
          if (!isOver() && flows.version() === told) await stream.writeSSE({ event: 'still-here', data: '' });
        }
        stop();
      }),
    );
  },
};
