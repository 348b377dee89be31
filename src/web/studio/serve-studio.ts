/** Serves the studio on its port until it is stopped; then messages being transmitted are settled, and the port is closed. */
import type { Studio } from '../../studio/index.js';
import { openStudioSite, type StudioSiteOptions } from './open-studio-site.js';
import type { StudioListener } from './studio-listener.js';

export interface ServeStudioOptions extends Pick<StudioSiteOptions, 'asset'> {
  readonly studio: Studio;
  readonly listener: StudioListener;
  onListening(url: string): void;
}

export async function serveStudio({ studio, asset, listener, onListening }: ServeStudioOptions): Promise<void> {
  listener.show(openStudioSite({ studio, asset, guard: listener.guard }));
  studio.log.info('studio.opened', { url: listener.url.split('?', 1)[0] ?? '' });
  onListening(listener.url);
  try {
    await studio.followSending();
  } finally {
    // Before what its pages use is closed.
    await listener.close();
  }
}
