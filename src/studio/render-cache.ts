/** Remembers rendered mails by their input, because an editor changes one post at a time. */
import type { RenderedMail } from '../domain/edition.js';
import type { Renderer } from '../domain/ports/content.js';

export interface RenderCache {
  readonly renderer: Renderer;
  /** To be called when a template has changed. */
  forget(): void;
}

/** Enough for the levels of the clip ladder and the editions an editor compares. */
const MAX_KEPT = 24;

/** A renderer that returns the same mail for the same input until it is told to forget. */
export function openRenderCache(renderer: Renderer): RenderCache {
  const kept = new Map<string, Promise<RenderedMail>>();
  return {
    forget() {
      kept.clear();
      renderer.lookAgain();
    },
    renderer: {
      ...renderer,
      render: (input, issue) => {
        const key = JSON.stringify(input);
        const mail = kept.get(key) ?? renderer.render(input, issue);
        // The least recently used is dropped first; a failed render is tried again.
        kept.delete(key);
        kept.set(key, mail);
        mail.catch(() => kept.delete(key));
        for (const oldest of kept.keys()) {
          if (kept.size <= MAX_KEPT) break;
          kept.delete(oldest);
        }
        return mail;
      },
    },
  };
}
