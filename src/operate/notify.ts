/** Sends notes to the editor. Each note is sent once, by one process; a note that could not be delivered is kept and sent again. */
import type { Clock, Log } from '../domain/ports/host.js';
import type { Note, Notifier } from '../domain/ports/mail.js';
import type { SharedState } from '../domain/ports/storage.js';

export interface NotificationsDeps {
  /** Absent where the operator has set no GAZETTE_NOTIFY: nothing is sent. */
  readonly notifier?: Notifier;
  readonly shared: SharedState;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

/** Where notes wait that could not be delivered. */
const WAITING = 'notes that did not arrive';
const MOST_WAITING = 200;

export type Notifications = ReturnType<typeof openNotifications>;

export function openNotifications({ notifier, shared, clock, log }: NotificationsDeps) {
  /** Sends a note that was not sent before. One that cannot be delivered waits for `notifyWaiting`. */
  async function notifyOnce(note: Note): Promise<void> {
    if (!notifier) return;
    const key = `note ${note.id}`;
    const now = clock.now().getTime();
    // Reading first is cheaper: most notes were sent before.
    if ((await shared.read(key)) !== undefined) return;
    const isMine = await shared.change(key, (before) => ({ after: before ?? now, result: before === undefined }));
    if (!isMine || (await deliver(note))) return;
    await shared.change(WAITING, (value) => ({ after: [...waitingIn(value), note].slice(-MOST_WAITING), result: 0 }));
  }

  /** Sends the notes that could not be delivered before, oldest first. False when some still wait. */
  async function notifyWaiting(): Promise<boolean> {
    if (!notifier || waitingIn(await shared.read(WAITING)).length === 0) return true;
    for (;;) {
      // Removed before it is sent: a process that dies in between loses the note, but never repeats it.
      const note = await shared.change(WAITING, (value) => {
        const [first, ...rest] = waitingIn(value);
        return { after: rest.length > 0 ? rest : undefined, result: first };
      });
      if (!note) return true;
      if (await deliver(note)) continue;
      await shared.change(WAITING, (value) => ({ after: [note, ...waitingIn(value)], result: 0 }));
      return false;
    }
  }

  async function deliver(note: Note): Promise<boolean> {
    try {
      await notifier?.tell(note);
      log.info('editor.told', { note: note.id });
      return true;
    } catch (error) {
      log.warn('editor.not-told', { note: note.id, reason: error instanceof Error ? error.message : String(error) });
      return false;
    }
  }

  return { notifyOnce, notifyWaiting };
}

function waitingIn(value: unknown): readonly Note[] {
  return (value as readonly Note[] | undefined) ?? [];
}
