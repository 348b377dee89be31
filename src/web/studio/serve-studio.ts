/** Serves the studio at its door until it is stopped; then messages being transmitted are settled, and the door is closed. */
import type { Studio } from '../../studio/index.js';
import { openStudioSite, type StudioSiteOptions } from './open-studio-site.js';
import type { StudioDoor } from './studio-door.js';

export interface ServeStudioOptions extends Pick<StudioSiteOptions, 'asset'> {
  readonly studio: Studio;
  readonly door: StudioDoor;
  onListening(url: string): void;
}

export async function serveStudio({ studio, asset, door, onListening }: ServeStudioOptions): Promise<void> {
  door.show(openStudioSite({ studio, asset, guard: door.guard }));
  studio.log.info('studio.opened', { url: door.url.replace(/\?.*$/, '') });
  onListening(door.url);
  try {
    await studio.followSending();
  } finally {
    // Before what its pages use is closed.
    await door.close();
  }
}
