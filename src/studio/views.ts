/** What the studio's pages show, as data for their templates. */
import { fillSegments } from '../domain/edition.js';
import { issuesPath, pathOf, type StudioContext } from './context.js';
import type { LiveIssue } from './live-issue.js';
import { type AnswerForm, amount } from './questions.js';
import { checksAtAGlance, checksPage } from './show-checks.js';
import { historyOf, type PastChoice, pastIssue, pastMail } from './show-history.js';
import { inboxView } from './show-inbox.js';
import { allPosts, issuePage } from './show-issue.js';
import { type MailChoice, type MailLook, mailPage, mailView, versionOf } from './show-mail.js';
import { sendingView } from './show-sending.js';
import { shownOf } from './shown-of.js';

const POSTS_A_PAGE = 100;

export function openStudioViews(room: StudioContext) {
  const { live, pages, frame, named, openIssue, speedOf, runs, said, inboxOf, leadsTo } = room;
  return {
    async issuePage(newsletter: string) {
      const issue = await live.issue(newsletter);
      const view = await issuePage(live, issue);
      const checks = await checksAtAGlance(live, issue);
      const sending = await openIssue(newsletter);
      return {
        ...(await frame(newsletter, 'issue')),
        timezone: issue.newsletter.timezone,
        issue: view,
        approval: approvalView(issue),
        errors: checks.errors,
        warnings: checks.warnings,
        sending: sending ? { number: sending.number, state: sending.state } : null,
        frameVersion: issue.full ? versionOf((await live.edition(issue, issue.full)).mail) : '',
      };
    },

    async postsPage(newsletter: string, { words, page }: { readonly words: string; readonly page: number }) {
      const issue = await live.issue(newsletter);
      const deps = live.draftDeps();
      const posts = allPosts(await deps.issues.drafts.draft(issue.newsletter, issue.draft.target, { everyPost: true }));
      const wanted = words.trim().toLowerCase();
      const found =
        wanted === ''
          ? posts
          : posts.filter(({ title, place, reason }) => `${title} ${place} ${reason}`.toLowerCase().includes(wanted));
      const last = Math.max(1, Math.ceil(found.length / POSTS_A_PAGE));
      const at = Math.min(page, last);
      const link = (to: number) => `${pathOf(newsletter)}/posts?words=${encodeURIComponent(words)}&page=${to}`;
      return {
        ...(await frame(newsletter, 'posts')),
        timezone: issue.newsletter.timezone,
        words,
        total: posts.length,
        found: found.length,
        posts: found.slice((at - 1) * POSTS_A_PAGE, at * POSTS_A_PAGE),
        version: issue.written?.version ?? '',
        newer: at > 1 ? link(at - 1) : null,
        older: at < last ? link(at + 1) : null,
      };
    },

    async mailPage(newsletter: string, choice: MailChoice, look: MailLook) {
      const issue = await live.issue(newsletter);
      return {
        ...(await frame(newsletter, 'mail')),
        timezone: issue.newsletter.timezone,
        ...(await mailView(live, issue, choice, look)),
      };
    },
    async mailFrame(newsletter: string, choice: MailChoice, scheme: MailLook['scheme']): Promise<string> {
      const mail = await mailPage(live, await live.issue(newsletter), choice);
      return mail.kind === 'mail' ? pages.frame(mail.html, { scheme }) : emptyFrame(mail.why);
    },

    async checksPage(newsletter: string) {
      const issue = await live.issue(newsletter);
      return {
        ...(await frame(newsletter, 'checks')),
        timezone: issue.newsletter.timezone,
        ...(await checksPage(live, issue, room.webAnswers.get(newsletter))),
        frameVersion: issue.full ? versionOf((await live.edition(issue, issue.full)).mail) : '',
      };
    },
    async sendPage(newsletter: string) {
      const issue = await live.issue(newsletter);
      const deps = live.deps();
      const open = await openIssue(newsletter);
      const last = open ?? (await deps.store.ledger.issues(newsletter)).at(-1);
      const counts = last && (await deps.store.ledger.counts(last.id));
      const speed = open && counts ? speedOf(open.id, counts, deps.clock.now()) : undefined;
      return {
        ...(await frame(newsletter, 'send')),
        timezone: issue.newsletter.timezone,
        approval: approvalView(issue),
        mayAct: !live.isWithoutLedger(),
        leadsTo: leadsTo(),
        outcome: issue.draft.selection.outcome,
        number: issue.draft.number,
        sending: last
          ? {
              ...(await sendingView(deps, last, speed, room.keptBack(last))),
              isOpen: open !== undefined,
              path: issuesPath(newsletter, last.number),
            }
          : null,
        isRunning: runs.isRunning(newsletter),
        lastWord: runs.lastWord(newsletter) ?? null,
        said: said.get(newsletter) ?? null,
      };
    },

    async confirmPage(newsletter: string) {
      const issue = await live.issue(newsletter);
      room.refuseWithoutLedger();
      live.deps().sending.refuseUnready(issue.newsletter);
      const view = await issuePage(live, issue);
      return {
        ...(await frame(newsletter, 'send')),
        timezone: issue.newsletter.timezone,
        issue: view,
        leadsTo: leadsTo(),
        answer: {
          id: 'send',
          action: `${pathOf(newsletter)}/send`,
          focus: 'sending next main',
          fields: [{ name: 'shown', value: shownOf(issue) }],
          yes: `Send to ${amount(view.readers.planned, 'reader')}`,
          no: 'Not now',
          isDanger: false,
        } satisfies AnswerForm,
        back: `${pathOf(newsletter)}/send`,
        approval: approvalView(issue),
        isNotApproved: issue.approval !== undefined && issue.approval.state !== 'approved',
      };
    },

    async historyPage(newsletter: string) {
      const wanted = named(newsletter);
      return {
        ...(await frame(newsletter, 'history')),
        timezone: wanted.timezone,
        ...(await historyOf(live.deps(), wanted)),
      };
    },
    async pastPage(newsletter: string, number: number, choice: PastChoice, look: MailLook) {
      const wanted = named(newsletter);
      return {
        ...(await frame(newsletter, 'history')),
        timezone: wanted.timezone,
        ...(await pastIssue(live.deps(), wanted, number, choice, look, room.keptBack)),
      };
    },
    async pastFrame(newsletter: string, number: number, edition: string | undefined, scheme: MailLook['scheme']) {
      const mail = await pastMail(live.deps(), named(newsletter), number, edition);
      return mail
        ? pages.frame(fillSegments(mail.html, MARKED_VALUES), { scheme })
        : emptyFrame('There is no such edition.');
    },

    async inboxPage(nth: number | undefined, look: MailLook) {
      return { ...(await frame(undefined, 'inbox')), timezone: 'UTC', ...(await inboxView(inboxOf(), nth, look)) };
    },
    async inboxFrame(nth: number, scheme: MailLook['scheme']): Promise<string> {
      const { html } = await inboxOf().mail(nth);
      return html === undefined ? emptyFrame('This mail has no HTML part.') : pages.frame(html, { scheme });
    },
    inboxSource: async (nth: number): Promise<string> => (await inboxOf().mail(nth)).source,
  };
}

/** What stands for a reader's own values in an issue that has left. */
const MARKED_VALUES = {
  name: '«name»',
  address: '«address»',
  unsubscribeUrl: '#',
  preferencesUrl: '#',
  webUrl: '#',
};

function approvalView({ newsletter, approval, draft }: LiveIssue): object | null {
  // Nobody is asked about an issue that is none.
  if (!approval || (approval.state === 'open' && draft.selection.outcome !== 'issue')) return null;
  const { kind } = newsletter.approval;
  return {
    kind,
    state: approval.state,
    by: approval.by ?? null,
    at: approval.at ?? null,
    changed: approval.changed.map(({ text }) => text),
    earlier: approval.earlier.map(({ verdict, by, at }) => ({ verdict, by: by ?? '', at: new Date(at) })).slice(-5),
    shown: approval.shown,
    occurrence: approval.occurrence.toISOString(),
    isWithdrawable: approval.state === 'approved' || approval.state === 'vetoed',
    isAnswerable: draft.selection.outcome === 'issue',
  };
}

function emptyFrame(text: string): string {
  const escaped = text.replace(/[&<>]/g, (character) => `&#${character.codePointAt(0)};`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>No mail</title><style>p{font:1rem/1.5 system-ui,sans-serif;color:#667;margin:3rem 1.5rem;text-align:center}</style></head><body><p>${escaped}</p></body></html>`;
}
