/** What the editor is told: why an issue did not go out, or will not unless somebody acts. Pure. */
import type { AheadReport } from '../approval/check.js';
import { acceptCommand } from '../domain/collecting.js';
import { issueCommand } from '../domain/issue.js';
import { momentText } from '../domain/moment-text.js';
import type { Newsletter } from '../domain/newsletter.js';
import { questionText, type SendingQuestion } from '../domain/open-question.js';
import type { Note } from '../domain/ports/mail.js';
import { type SourceSuspicion, suspicionText } from '../issue/collect.js';
import type { DueReport, DueWaiting } from './due-report.js';
import type { DoubtedClock } from './watch-clock.js';

type NoteSubject = Pick<Newsletter, 'id' | 'timezone'>;

/** What to tell about an occurrence; `undefined` where nothing needs to be told. */
export function noteOnDue(of: NoteSubject, report: DueReport): Note | undefined {
  if (report.kind === 'nothing-due') return report.ahead && noteAhead(of, report.ahead);
  if ('issue' in report) return undefined;
  const { newsletter, when, id } = namesOf(of, report.occurrence);
  switch (report.kind) {
    case 'waiting':
      return noteOnWait(of, report);
    case 'nothing-new':
      return {
        id,
        subject: `${newsletter}: nothing new on ${when}`,
        text: 'There were no new posts. Nothing was sent.',
      };
    case 'too-few':
      return {
        id,
        subject: `${newsletter}: too few posts on ${when}`,
        text: 'There were fewer posts than minPosts requires. Nothing was sent; the posts are carried over to the next issue.',
      };
    default:
      return {
        id,
        subject: `${newsletter}: no issue on ${when} (${report.kind})`,
        text: `Nothing was sent: ${WHY[report.kind]}. The posts are carried over to the next issue.`,
      };
  }
}

const WHY = {
  'no-readers': 'the newsletter has no reader who may get a mail',
  late: 'the issue is later than maxLateness allows',
  unapproved: 'the issue was not approved in time',
  vetoed: 'the issue was vetoed',
} as const;

function noteOnWait(of: NoteSubject, report: DueWaiting): Note {
  const { newsletter, when, id } = namesOf(of, report.occurrence);
  const { reason, until, posts } = report;
  if (report.for === 'approval') {
    return {
      id: `${id} approval ${reason}`,
      subject: `${newsletter}: the issue of ${when} waits for you`,
      text: `The issue of ${when} waits: ${reason}. Approve it with \`gazette issue approve --newsletter ${newsletter}\`, or stop it with \`gazette issue veto --newsletter ${newsletter}\`. After ${momentText(until, of.timezone)} it is too late to send it.${titles(posts)}`,
    };
  }
  return {
    id: report.for === 'source' ? `${id} source` : `${id} arrangement ${reason}`,
    subject: `${newsletter}: ${report.for === 'source' ? 'a source' : 'its arrangement'} holds up the issue of ${when}`,
    text: `${reason} The issue waits until ${momentText(until, of.timezone)}.`,
  };
}

/** What to tell about an issue before it is due. */
function noteAhead(of: NoteSubject, report: AheadReport): Note {
  const { newsletter, when, id } = namesOf(of, report.occurrence);
  switch (report.kind) {
    case 'void':
      return {
        id: `${id} void ${report.reason}`,
        subject: `${newsletter}: the issue of ${when} is no longer approved`,
        text: `It was changed after it was approved: ${report.reason}. Approve it as it is now with \`gazette issue approve --newsletter ${newsletter}\`.`,
      };
    case 'arrangement':
      return {
        id: `${id} ahead ${report.reason}`,
        subject: `${newsletter}: the arrangement of the issue of ${when} cannot be read`,
        text: `${report.reason} The issue is not sent until this is fixed.`,
      };
    default: {
      const until = report.until.toISOString();
      return {
        id: `${id} announced ${until} ${report.announcedAt.toISOString()}`,
        subject: `${newsletter}: the issue of ${when} will be sent unless you stop it`,
        text: `It is sent at ${momentText(report.until, of.timezone)}. Stop it with \`gazette issue veto --newsletter ${newsletter}\`.${titles(report.posts)}`,
      };
    }
  }
}

/** How people read an occurrence, and what the ids of its notes begin with. */
function namesOf({ id, timezone }: NoteSubject, occurrence: Date) {
  return { newsletter: id, when: momentText(occurrence, timezone), id: `${id} ${occurrence.toISOString()}` };
}

function titles(posts: readonly string[] = []): string {
  return posts.length === 0 ? '' : `\n\n${posts.map((title) => `- ${title}`).join('\n')}`;
}

/** A run of sending has stopped, and the service will try again. */
export function noteOnStop(newsletter: string, issue: number, reason: string): Note {
  return {
    id: `${newsletter} #${issue} stopped ${reason}`,
    subject: `${newsletter}: sending issue ${issue} has stopped`,
    text: `${reason} No reader was skipped, and Gazette keeps trying. ${issueCommand('show', { newsletter, number: issue })} shows the progress.`,
  };
}

/** Something about an issue that was sent is left to a person. */
export function noteOnQuestion(question: SendingQuestion): Note {
  const { newsletter, issue } = question;
  const size = 'deliveries' in question ? ` ${question.deliveries}` : '';
  return {
    id: `${newsletter} #${issue} ${question.kind}${size}`,
    subject: `${newsletter}: issue ${issue} needs you`,
    text: questionText(question),
  };
}

/** The clock is doubted (rule: clock). */
export function noteOnClock({ believed, says }: DoubtedClock): Note {
  return {
    id: `clock ${believed.toISOString()}`,
    subject: 'The clock of the server may be ahead',
    text: questionText({ kind: 'clock', believed, says }),
  };
}

/** A source has failed several times in a row. */
export function noteOnSource(source: string, since: Date | undefined, reason: string): Note {
  return {
    id: `source ${source} ${since?.toISOString() ?? 'never'}`,
    subject: `The source “${source}” fails`,
    text: `${reason} ${since ? `It was last read on ${momentText(since, 'UTC')}.` : 'It has never been read.'}`,
  };
}

/** A source lists so few posts that nothing is withdrawn yet. */
export function noteOnSuspicion(suspicion: SourceSuspicion): Note {
  const { source, since } = suspicion;
  return {
    id: `source ${source} suspicious ${new Date(since).toISOString()}`,
    subject: `The source “${source}” lists too few posts`,
    text: `${suspicionText(suspicion)} New posts are sent as always. If the missing posts are really gone, run \`${acceptCommand(source)}\`.`,
  };
}
