/** Renders that are as they were are not made again: what an editor looks at changes by one post at a time. */
import type { RenderedMail } from '../domain/edition.js';
import type { Renderer } from '../domain/ports/content.js';

export interface RememberedRenders {
  readonly renderer: Renderer;
  /** A template has changed: everything is rendered anew. */
  forget(): void;
}

/** How many mails are kept: the steps of a clip ladder, or the editions an editor leafs through. */
const MOST_KEPT = 24;

/** A renderer that gives the same mail for the same input until it is told to forget. */
export function rememberRenders(renderer: Renderer): RememberedRenders {
  const kept = new Map<string, Promise<RenderedMail>>();
  return {
    forget: () => kept.clear(),
    renderer: {
      ...renderer,
      render: (input) => {
        const key = JSON.stringify(input);
        const mail = kept.get(key) ?? renderer.render(input);
        // What was used last is dropped last; what failed is tried again.
        kept.delete(key);
        kept.set(key, mail);
        mail.catch(() => kept.delete(key));
        for (const oldest of kept.keys()) {
          if (kept.size <= MOST_KEPT) break;
          kept.delete(oldest);
        }
        return mail;
      },
    },
  };
}
