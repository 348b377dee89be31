/** What an editor may do in the studio. */
import { isDeepStrictEqual } from 'node:util';
import type { AppContext } from '../app-context.js';
import { NO_ARRANGEMENT } from '../domain/arrangement.js';
import { GazetteError } from '../domain/errors.js';
import { acceptWithdrawals } from '../issue/accept-withdrawals.js';
import { cancelIssue } from '../issue/cancel.js';
import { asWritten } from '../select/resolve-names.js';
import { type ArrangeWish, arrange } from './arrange.js';
import type { StudioContext } from './context.js';
import { askWeb } from './show-checks.js';
import { shownOf } from './shown-of.js';

/** What a page showed, in its own words. */
export interface SeenAnswer {
  /** When the answer was given that is taken back, in ISO 8601. */
  readonly at: string;
}

export interface SeenIssue {
  /** In ISO 8601. */
  readonly occurrence: string;
  readonly shown: string;
}

export function openStudioActs(room: StudioContext) {
  const { live, editor, tell, named, said, refuseWithoutLedger, startRun, inboxOf, once, runs } = room;

  /** Rows that are settled as accepted are never sent again, so they must not be delivered to nobody. */
  async function houseGoingOnWith(newsletter: string, number: number): Promise<AppContext> {
    const { issue } = await live.deps().sending.show(named(newsletter), number);
    const why = room.keptBack(issue);
    if (why === undefined) return live.deps();
    throw new GazetteError('issue.state', `Issue ${number} cannot go on from here. ${why}`, {
      hint: `Set SMTP_URL, or go on where the issue was sent: \`gazette issue resume ${number}\`, \`gazette issue resend ${number}\`.`,
    });
  }

  let turn: Promise<void> = Promise.resolve();
  /** One after another: of two like wishes the second finds that it is so already. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  async function arrangeNow(newsletter: string, wish: ArrangeWish): Promise<void> {
    const issue = await live.issue(newsletter);
    const { arrangements } = live.deps();
    const { arrangement, compose } = issue.draft;
    const version = issue.written?.version;
    const isInForce = arrangement !== undefined && arrangement.usedBy === undefined;
    const shown = new Map(
      (issue.full?.digest.sections ?? []).map(({ key, posts }) => [key, posts.map(({ id }) => id)]),
    );
    // What has served is begun afresh.
    const before = isInForce ? compose.arrangement : NO_ARRANGEMENT;
    const after = arrange(before, wish, shown);
    // Asked for twice, or by two editors: it is as they wish already, whatever else has changed.
    if (isDeepStrictEqual(after, before)) return;
    if ((version ?? '') !== wish.version || (isInForce && arrangement.version !== version)) {
      throw new GazetteError('config.changed', `${issue.arrangementFile} has changed since you looked.`, {
        hint: 'Look at the issue again, then repeat what you did. Nothing was written.',
      });
    }
    // The pages name posts by their public ids, the file as its author does.
    const written = asWritten(after, arrangement?.names ?? new Map());
    await arrangements.write(issue.newsletter, issue.arrangedFor, written, version);
    await live.touch();
  }

  return {
    /** Works one wish into the arrangement's file. Throws `config.changed` when the file is not what the editor saw. */
    arrange: (newsletter: string, wish: ArrangeWish): Promise<void> => inTurn(() => arrangeNow(newsletter, wish)),

    /** Follows every link once; what they answered stands with the checks. */
    async askLinks(newsletter: string): Promise<void> {
      room.webAnswers.set(newsletter, await askWeb(live, await live.issue(newsletter), room.signal));
      tell();
    },

    /** Freezes and sends what the editor has confirmed, and nothing else. @param turn of the page it was confirmed on */
    send: (newsletter: string, shown: string, turn?: string): Promise<void> =>
      once(turn, `send ${newsletter} ${shown}`, async () => {
        refuseWithoutLedger();
        await live.refresh();
        const issue = await live.issue(newsletter);
        if (shownOf(issue) !== shown) {
          throw new GazetteError('issue.state', 'The issue has changed since you looked at it.', {
            hint: 'Look again, then send.',
          });
        }
        const deps = live.deps();
        deps.sending.refuseUnready(issue.newsletter);
        said.delete(newsletter);
        const sections = JSON.stringify(
          (issue.full?.digest.sections ?? []).map(({ key, posts }) => [key, posts.map(({ title }) => title)]),
        );
        startRun(newsletter, async (ended) => {
          const report = await deps.sending.sendNext({
            newsletter: issue.newsletter,
            signal: ended,
            // It is asked just before the freeze, when every source was read once more.
            confirm: async (plan) => JSON.stringify(plan.sections.map(({ key, posts }) => [key, posts])) === sections,
          });
          if (report.kind === 'sent') return report;
          return `Nothing was sent: ${NO_ISSUE[report.kind]}.`;
        });
      }),

    sendTest: (newsletter: string, address: string, turn?: string): Promise<void> =>
      once(turn, `test ${newsletter} ${address}`, async () => {
        const report = await live.deps().sending.sendTest({ newsletter: named(newsletter), testTo: address });
        said.set(
          newsletter,
          report.kind !== 'tested'
            ? `There is no issue to test: ${NO_ISSUE[report.kind]}.`
            : report.outcome === 'accepted'
              ? `The test went to ${report.to}: [Test] ${report.subject}`
              : `The test did not go to ${report.to}: ${report.outcome}, ${report.reply}`,
        );
        tell();
      }),

    /** A yes or no to the occurrence and the content that the editor's page showed, and to nothing else. */
    answer: (newsletter: string, verdict: 'approved' | 'vetoed', seen: SeenIssue, turn?: string): Promise<void> =>
      once(turn, `${verdict} ${newsletter} ${seen.occurrence} ${seen.shown}`, async () => {
        await live.issue(newsletter);
        refuseWithoutLedger();
        const occurrence = new Date(seen.occurrence);
        if (Number.isNaN(occurrence.getTime())) throw new GazetteError('usage', 'The answer names no issue.');
        try {
          await live.deps().approval.answer(named(newsletter), { verdict, by: editor, occurrence, shown: seen.shown });
        } finally {
          // Also after a refusal: the page is shown again, as things stand.
          await live.refresh();
        }
      }),
    /** Takes back the answer the editor's page showed; absent: the one that stands. */
    withdraw: (newsletter: string, seen?: SeenAnswer, turn?: string): Promise<void> =>
      once(turn, `withdraw ${newsletter} ${seen?.at}`, async () => {
        const deps = live.deps();
        const { at } = await deps.approval.read(named(newsletter));
        if (seen && at && at.toISOString() !== seen.at) {
          throw new GazetteError('issue.state', 'Another answer has been given since you looked.', {
            hint: 'Look again, then decide.',
          });
        }
        await deps.approval.withdraw(named(newsletter), editor);
        await live.refresh();
      }),

    /** The posts that were in question on the editor's page are really gone. @param since names that suspicion */
    acceptWithdrawals: (newsletter: string, source: string, since: string, turn?: string): Promise<void> =>
      once(turn, `accept ${source} ${since}`, async () => {
        const { suspicions } = await live.issue(newsletter);
        const suspicion = suspicions.find((each) => each.source === source && String(each.since) === since);
        if (!suspicion) {
          throw new GazetteError('issue.state', `What “${source}” lists has changed since you looked.`, {
            hint: 'Look at the issue again, then answer.',
          });
        }
        try {
          await acceptWithdrawals(live.deps(), source, suspicion.missing);
        } finally {
          await live.refresh();
        }
      }),

    pause: (newsletter: string, number: number, turn?: string): Promise<void> =>
      once(turn, `pause ${newsletter} ${number}`, async () => {
        const { state } = await room.issueNumbered(named(newsletter), number);
        if (state !== 'paused') await live.deps().sending.pause(named(newsletter), number);
        tell();
      }),
    cancel: (newsletter: string, number: number, turn?: string): Promise<void> =>
      once(turn, `cancel ${newsletter} ${number}`, async () => {
        const { state } = await room.issueNumbered(named(newsletter), number);
        if (state !== 'cancelled')
          await cancelIssue({ ...live.deps(), ledger: live.deps().store.ledger }, named(newsletter), number);
        tell();
      }),
    resume: (newsletter: string, number: number, turn?: string): Promise<void> =>
      once(turn, `resume ${newsletter} ${number}`, async () => {
        const deps = await houseGoingOnWith(newsletter, number);
        const { state } = await room.issueNumbered(named(newsletter), number);
        if (state === 'sending' && runs.isRunning(newsletter)) return;
        startRun(newsletter, (ended) => deps.sending.resume(named(newsletter), number, { signal: ended }));
      }),
    resend: (newsletter: string, number: number, only: 'rejected' | 'unknown', turn?: string): Promise<void> =>
      once(turn, `resend ${newsletter} ${number} ${only}`, async () => {
        const deps = await houseGoingOnWith(newsletter, number);
        startRun(newsletter, (ended) => deps.sending.resend(named(newsletter), number, only, { signal: ended }));
      }),
    /** Plans the readers again whom the refusals that paused this issue were put on. */
    returnRefused: (newsletter: string, number: number, turn?: string): Promise<void> =>
      once(turn, `return ${newsletter} ${number}`, async () => {
        const deps = await houseGoingOnWith(newsletter, number);
        await deps.sending.returnRefused(named(newsletter), number, 'paused-for');
        tell();
      }),

    clearInbox: async (): Promise<void> => {
      inboxOf().clear();
      tell();
    },
  };
}

const NO_ISSUE = {
  declined: 'the issue changed at the last moment; look again',
  'nothing-new': 'nothing is new',
  'nothing-wished': 'nobody wishes for what is new',
  'too-few': 'there are too few posts (minPosts), and they wait for the next one',
} as const;
