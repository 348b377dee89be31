/**
 * Silence is explained: what kept an issue from its readers is told to the editor, once. The ledger and the log say the
 * same; a note only makes sure that somebody reads it.
 */

import type { AppContext } from '../app-context.js';
import type { AheadReport } from '../approval/check.js';
import { acceptCommand } from '../domain/collecting.js';
import { issueCommand } from '../domain/issue.js';
import type { Note } from '../domain/ports/mail.js';
import { type SourceSuspicion, suspicionText } from '../issue/collect.js';
import type { DueReport } from './publish-due.js';

/** Tells a note that nobody has told yet; of several processes one does. One that does not arrive waits for `notifyWaiting`. */
export async function notifyOnce(
  deps: Pick<AppContext, 'notifier' | 'store' | 'clock' | 'log'>,
  note: Note,
): Promise<void> {
  const { notifier, store, clock } = deps;
  if (!notifier) return;
  const key = `note ${note.id}`;
  const now = clock.now().getTime();
  // Nearly always it has been told: looking is cheaper than taking.
  if ((await store.shared.read(key)) !== undefined) return;
  const isMine = await store.shared.change(key, (before) => ({ after: before ?? now, result: before === undefined }));
  if (!isMine || (await tell(deps, note))) return;
  await store.shared.change(WAITING, (value) => ({
    after: [...waitingIn(value), note].slice(-MOST_WAITING),
    result: 0,
  }));
}

/** Tells what did not arrive before, oldest first. False when there is something left. */
export async function notifyWaiting(deps: AppContext): Promise<boolean> {
  const { notifier, store } = deps;
  if (!notifier || waitingIn(await store.shared.read(WAITING)).length === 0) return true;
  for (;;) {
    // Taken before it is told: whoever dies in between loses a note and never repeats one.
    const note = await store.shared.change(WAITING, (value) => {
      const [first, ...rest] = waitingIn(value);
      return { after: rest.length > 0 ? rest : undefined, result: first };
    });
    if (!note) return true;
    if (await tell(deps, note)) continue;
    await store.shared.change(WAITING, (value) => ({ after: [note, ...waitingIn(value)], result: 0 }));
    return false;
  }
}

const WAITING = 'notes that did not arrive';
const MOST_WAITING = 200;

function waitingIn(value: unknown): readonly Note[] {
  return (value as readonly Note[] | undefined) ?? [];
}

async function tell({ notifier, log }: Pick<AppContext, 'notifier' | 'log'>, note: Note): Promise<boolean> {
  try {
    await notifier?.tell(note);
    log.info('editor.told', { note: note.id });
    return true;
  } catch (error) {
    log.warn('editor.not-told', { note: note.id, reason: error instanceof Error ? error.message : String(error) });
    return false;
  }
}

/** What an editor should know of an occurrence; `undefined` where it went as it should. */
export function noteOnDue(newsletter: string, report: DueReport): Note | undefined {
  if (report.kind === 'nothing-due') return report.ahead && noteAhead(newsletter, report.ahead);
  if ('issue' in report) return undefined;
  const at = report.occurrence.toISOString();
  const when = `${at.slice(0, 16)}Z`;
  const id = `${newsletter} ${at}`;
  switch (report.kind) {
    case 'waiting':
      return report.for === 'approval'
        ? {
            id: `${id} approval ${report.reason}`,
            subject: `${newsletter}: the issue of ${when} waits for you`,
            text: `The issue of ${when} waits: ${report.reason}. \`gazette issue approve --newsletter ${newsletter}\` lets it go, \`gazette issue veto --newsletter ${newsletter}\` stops it. At ${report.until.toISOString()} it is too late.${titles(report.posts)}`,
          }
        : {
            id: report.for === 'source' ? `${id} source` : `${id} arrangement ${report.reason}`,
            subject: `${newsletter}: ${report.for === 'source' ? 'a source' : 'its arrangement'} keeps the issue of ${when} back`,
            text: `${report.reason} The issue waits until ${report.until.toISOString()}.`,
          };
    case 'nothing-new':
      return {
        id,
        subject: `${newsletter}: nothing new on ${when}`,
        text: 'There was no new post, so nothing was sent.',
      };
    case 'too-few':
      return {
        id,
        subject: `${newsletter}: too few posts on ${when}`,
        text: 'There were fewer posts than minPosts asks for. They are held over for the next issue.',
      };
    default:
      return {
        id,
        subject: `${newsletter}: no issue on ${when} (${report.kind})`,
        text: `Nothing was sent: the occurrence is ${WHY[report.kind]}. Its posts are held over for the next issue.`,
      };
  }
}

const WHY = {
  late: 'over by more than maxLateness',
  unapproved: 'over and nobody approved it',
  vetoed: 'vetoed',
} as const;

/** What an editor should know of an issue before it is due. */
function noteAhead(newsletter: string, report: AheadReport): Note {
  const at = report.occurrence.toISOString();
  const when = `${at.slice(0, 16)}Z`;
  switch (report.kind) {
    case 'void':
      return {
        id: `${newsletter} ${at} void ${report.reason}`,
        subject: `${newsletter}: the issue of ${when} is not approved any more`,
        text: `It was changed after it was approved: ${report.reason}. \`gazette issue approve --newsletter ${newsletter}\` approves it as it is.`,
      };
    case 'arrangement':
      return {
        id: `${newsletter} ${at} ahead ${report.reason}`,
        subject: `${newsletter}: the arrangement of the issue of ${when} cannot be read`,
        text: `${report.reason} Mend it, or the issue cannot leave at its time.`,
      };
    default: {
      const until = report.until.toISOString();
      return {
        id: `${newsletter} ${at} announced ${until} ${report.announcedAt.toISOString()}`,
        subject: `${newsletter}: the issue of ${when} leaves unless you stop it`,
        text: `It leaves at ${until}. \`gazette issue veto --newsletter ${newsletter}\` stops it.${titles(report.posts)}`,
      };
    }
  }
}

function titles(posts: readonly string[] = []): string {
  return posts.length === 0 ? '' : `\n\n${posts.map((title) => `- ${title}`).join('\n')}`;
}

/** A run of sending that cannot go on by itself. */
export function noteOnStop(newsletter: string, issue: number, reason: string): Note {
  return {
    id: `${newsletter} #${issue} stopped ${reason}`,
    subject: `${newsletter}: sending issue ${issue} has stopped`,
    text: `${reason} Nobody was skipped. It is tried again; ${issueCommand('show', { newsletter, number: issue })} says how it stands.`,
  };
}

/** A source that has failed several times in a row. */
export function noteOnSource(source: string, since: Date | undefined, reason: string): Note {
  return {
    id: `source ${source} ${since?.toISOString() ?? 'never'}`,
    subject: `The source “${source}” fails`,
    text: `${reason} It was last read ${since ? `on ${since.toISOString()}` : 'never'}.`,
  };
}

/** Tells of each listing that is not believed, once. */
export async function tellOfSuspicions(deps: AppContext, suspicions: readonly SourceSuspicion[]): Promise<void> {
  for (const suspicion of suspicions) await notifyOnce(deps, noteOnSuspicion(suspicion));
}

function noteOnSuspicion(suspicion: SourceSuspicion): Note {
  const { source, since } = suspicion;
  return {
    id: `source ${source} suspicious ${new Date(since).toISOString()}`,
    subject: `The source “${source}” lists too few posts`,
    text: `${suspicionText(suspicion)} What else is new is sent as always. If the posts are really gone, \`${acceptCommand(source)}\` says so at once.`,
  };
}
