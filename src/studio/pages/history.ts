/** Past issues with their counts, and occurrences without an issue. */
import type { SkippedOccurrence } from '../../domain/issue.js';
import type { StudioPage } from '../page.js';
import { issuePath } from '../paths.js';

export interface HistoryView {
  /** Newest first. */
  readonly issues: readonly {
    readonly number: number;
    readonly path: string;
    readonly at: Date;
    readonly isManual: boolean;
    readonly state: string;
    readonly titles: readonly string[];
    /** How many posts it has beside those titles. */
    readonly more: number;
    readonly all: number;
    readonly accepted: number;
    readonly rejected: number;
    readonly unknown: number;
    readonly skipped: number;
  }[];
  readonly skips: readonly { readonly at: Date; readonly why: string }[];
}

const MAX_TITLES = 3;
const MAX_SKIPS = 20;

export const historyPage: StudioPage<HistoryView> = {
  kind: 'page',
  path: '/n/:newsletter/issues',
  template: 'history',
  tab: 'history',
  async view({ live }, { param }) {
    const newsletter = live.newsletter(param('newsletter'));
    const { sending } = live.app();
    const lines = await sending.list(newsletter);
    const skips = await sending.skips(newsletter);
    return {
      issues: lines.map(({ issue: { number, occurrence, manual, state, posts }, counts }) => ({
        number,
        path: issuePath(newsletter.id, number),
        at: occurrence,
        isManual: manual,
        state,
        titles: posts.slice(0, MAX_TITLES).map(({ title }) => title),
        more: Math.max(0, posts.length - MAX_TITLES),
        all: counts.all,
        accepted: counts.accepted,
        rejected: counts.rejected,
        unknown: counts.unknown,
        skipped: counts.skipped,
      })),
      skips: skips
        .filter(({ outcome }) => !outcome.startsWith('merged-into'))
        .map(({ occurrence, outcome }) => ({ at: occurrence, why: whySkipped(outcome) }))
        .slice(-MAX_SKIPS)
        .reverse(),
    };
  },
};

const SKIP_OUTCOMES: { readonly [outcome: string]: string } = {
  'nothing-new': 'there were no new posts',
  'skipped(no-readers)': 'there was no reader to send it to',
  'skipped(late)': 'it was too late by then',
  'skipped(vetoed)': 'it was vetoed',
  'skipped(unapproved)': 'it was not approved',
};

function whySkipped(outcome: SkippedOccurrence['outcome']): string {
  return SKIP_OUTCOMES[outcome] ?? outcome;
}
