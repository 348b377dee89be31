/** The operate module: publishes what is due, polls sources, and tells operators and the editor how everything is. */
import type { Approval } from '../approval/index.js';
import type { Newsletter } from '../domain/newsletter.js';
import type { Clock, Files, Log } from '../domain/ports/host.js';
import type { Store } from '../domain/ports/storage.js';
import type { Issues } from '../issue/index.js';
import type { Sending } from '../sending/index.js';
import { openBackups } from './backup.js';
import { noteOnClock, noteOnQuestion, noteOnStop } from './notes.js';
import type { Notifications } from './notify.js';
import { openPolling } from './poll-sources.js';
import { openPublishing } from './publish-due.js';
import { openRetention } from './retention.js';
import { openStatus } from './status.js';
import { openClockWatch } from './watch-clock.js';

/** What the parts of this module need, together; each part is opened with the few it uses. */
export interface OperatePorts {
  readonly issues: Issues;
  readonly approval: Approval;
  readonly sending: Sending;
  /** Opened before this module, since sending also tells the editor when it pauses an issue. */
  readonly notifications: Notifications;
  readonly newsletters: ReadonlyMap<string, Newsletter>;
  readonly store: Store;
  readonly files: Files;
  /** What is missing for a real send, for people. */
  readonly missingForSending: readonly string[];
  readonly keepMs?: number;
  readonly clock: Clock;
  readonly log: Log;
}

export type Operate = ReturnType<typeof openOperate>;

export function openOperate(ports: OperatePorts) {
  const { notifications, clock } = ports;
  const watch = openClockWatch({ ...ports, shared: ports.store.shared });
  const { status } = openStatus({ ...ports, watch });
  const { deleteOld } = openRetention(ports);
  const { backup, ...backups } = openBackups(ports);
  return {
    believesClock: watch.believesClock,
    ...openPublishing(ports),
    ...openPolling({ ...ports, shared: ports.store.shared }),
    status: () => status(clock.now()),
    deleteOld: () => deleteOld(clock.now()),
    backup: (file: string) => backup(file, clock.now()),
    ...backups,
    notifyWaiting: notifications.notifyWaiting,
    /** Tells the editor of a clock that is doubted, and of unknown outcomes, once for each number of them. A pause and a stop have notes of their own. */
    async tellQuestions(): Promise<void> {
      const doubt = await watch.doubtedClock();
      if (doubt) await notifications.notifyOnce(noteOnClock(doubt));
      for (const question of await ports.sending.questions(clock.now())) {
        if (question.kind === 'unknown-outcomes') await notifications.notifyOnce(noteOnQuestion(question));
      }
    },
    /** Tells the editor that a run of sending has stopped, once for each reason. */
    tellStop: (newsletter: string, issue: number, reason: string) =>
      notifications.notifyOnce(noteOnStop(newsletter, issue, reason)),
  };
}
