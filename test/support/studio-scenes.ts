/** The studio in every state with buttons of its own: what leads to it, and the page that shows it. */
import { newsletterNamed } from '../../src/app-context.js';
import type { Post } from '../../src/domain/post.js';
import { sendPage } from '../../src/studio/pages/send.js';
import { ACCEPTED, addReaders } from './app-context.js';
import { aPost } from './builders.js';
import { plainRenderer } from './plain-renderer.js';
import { aStudio, type TestStudio } from './studio.js';

export interface Scene {
  readonly name: string;
  readonly path: string;
  open(): Promise<TestStudio>;
}

const NAMES = ['a', 'b', 'c', 'd', 'e', 'old', 'older'];

function posts(): readonly Post[] {
  return NAMES.map((id, index) =>
    aPost({
      keys: { id, path: `${id}.md`, url: `https://blog.example.org/${id}/` },
      title: `Post ${id}`,
      categories: [index % 2 === 0 ? 'chemistry' : 'software'],
      publishedAt: new Date(id.startsWith('old') ? '2026-02-01T08:00:00Z' : `2026-06-1${index + 2}T08:00:00Z`),
    }),
  );
}

const ARRANGED =
  'introduction: |\n  Hello.\n\n  All.\npinned: [a, c]\nsections: { b: chemistry }\nleftOut: [d]\nbroughtIn: [old]\n';
const REPLY = { code: 550, text: '550 5.1.1 No such reader' };

function open(prepare: (studio: TestStudio) => Promise<void> = async () => undefined) {
  return async () => {
    const mails = [{ nth: 1, from: 'a@example.org', to: 'b@example.org', subject: 'One', at: new Date(0), bytes: 100 }];
    const studio = await aStudio({
      posts: posts(),
      renderer: plainRenderer,
      newsletter: { approval: { kind: 'required' } },
      now: new Date('2026-06-18T12:00:00Z'),
      arranged: { 'weekly/2026-06-22.yaml': ARRANGED },
      inbox: {
        url: 'smtp://127.0.0.1:9999',
        mails: () => mails,
        mail: async () => ({ text: 'Text', headers: [], source: '' }),
        clear: () => void mails.splice(0),
        onMail: () => undefined,
      } as never,
    });
    await addReaders(
      studio.deps,
      Array.from({ length: 12 }, () => ({})),
    );
    await studio.refresh();
    await prepare(studio);
    await studio.refresh();
    return studio;
  };
}

async function answered(studio: TestStudio, answer: 'approved' | 'vetoed'): Promise<void> {
  const { approval } = await studio.view(sendPage);
  if (!approval) throw new Error('The issue needs no approval.');
  await studio.studio.approval.answer('weekly', answer, approval);
}

/** Accepted, except for one rejection that suppresses nobody and one unknown outcome. */
async function sent(studio: TestStudio): Promise<void> {
  const { deps } = studio;
  deps.wire.answer = ({ envelope: { to } }) => {
    if (to === 'reader1@example.org') return { kind: 'rejected', scope: 'recipient', bounce: 'soft', reply: REPLY };
    return to === 'reader2@example.org' ? { kind: 'unknown', reply: { text: 'no reply' } } : ACCEPTED;
  };
  await deps.sending.sendNext({ newsletter: newsletterNamed(deps, 'weekly'), confirm: async () => true });
}

/** Paused after its first message. */
async function paused(studio: TestStudio): Promise<void> {
  const { deps } = studio;
  const newsletter = newsletterNamed(deps, 'weekly');
  deps.wire.answer = async (_, nth) => {
    if (nth === 1) await deps.sending.pause(newsletter, 1);
    return ACCEPTED;
  };
  await deps.sending.sendNext({ newsletter, confirm: async () => true });
}

const approve = (studio: TestStudio) => answered(studio, 'approved');
const veto = (studio: TestStudio) => answered(studio, 'vetoed');

export const SCENES: readonly Scene[] = [
  { name: 'an arranged issue', path: '/n/weekly', open: open() },
  { name: 'an approved issue', path: '/n/weekly', open: open(approve) },
  { name: 'all posts', path: '/n/weekly/posts', open: open() },
  { name: 'the checks', path: '/n/weekly/checks', open: open() },
  { name: 'sending, not answered', path: '/n/weekly/send', open: open() },
  { name: 'sending, approved', path: '/n/weekly/send', open: open(approve) },
  { name: 'sending, vetoed', path: '/n/weekly/send', open: open(veto) },
  { name: 'sending, paused', path: '/n/weekly/send', open: open(paused) },
  { name: 'sending, done', path: '/n/weekly/send', open: open(sent) },
  { name: 'history', path: '/n/weekly/issues/1', open: open(sent) },
  { name: 'history, paused', path: '/n/weekly/issues/1', open: open(paused) },
  { name: 'the inbox', path: '/inbox', open: open() },
  { name: 'confirmation of sending', path: '/n/weekly/send/confirm', open: open() },
  { name: 'confirmation of a veto', path: '/n/weekly/send/veto', open: open(approve) },
  { name: 'confirmation of withdrawing an approval', path: '/n/weekly/send/withdraw', open: open(approve) },
  { name: 'confirmation of withdrawing a veto', path: '/n/weekly/send/withdraw', open: open(veto) },
  { name: 'confirmation of cancelling an issue', path: '/n/weekly/issues/1/cancel', open: open(paused) },
  {
    name: 'confirmation of resending to rejected readers',
    path: '/n/weekly/issues/1/resend-rejected',
    open: open(sent),
  },
  {
    name: 'confirmation of resending to unknown outcomes',
    path: '/n/weekly/issues/1/resend-unknown?back=history',
    open: open(sent),
  },
  { name: 'confirmation of clearing the inbox', path: '/inbox/clear', open: open() },
];
