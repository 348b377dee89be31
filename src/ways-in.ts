/** The ways by which mails come back while the service runs: a port of its own, and a mailbox that is followed. */
import type { AppContext } from './app-context.js';
import type { FeedbackSettings } from './config/feedback-settings.js';

/** Runs until the signal is aborted. */
export type WayIn = (signal: AbortSignal) => Promise<void>;

/** What is set; nothing is loaded for what is not. */
export function waysInFrom(
  { receiver, mailbox }: FeedbackSettings,
  { feedback, clock, log }: Pick<AppContext, 'feedback' | 'clock' | 'log'>,
): readonly WayIn[] {
  const mails = feedback.returnedMails;
  return [
    ...(receiver ? [(signal: AbortSignal) => receive({ ...receiver, mails, clock, log }, signal)] : []),
    ...(mailbox ? [(signal: AbortSignal) => follow({ mailbox, mails, clock, log }, signal)] : []),
  ];
}

async function receive(
  options: Parameters<typeof import('./platform/mail-receiver.js').openMailReceiver>[0],
  signal: AbortSignal,
): Promise<void> {
  const { openMailReceiver } = await import('./platform/mail-receiver.js');
  const receiver = await openMailReceiver(options);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await receiver.close();
}

async function follow(
  deps: Parameters<typeof import('./platform/follow-mailbox.js').followMailbox>[0],
  signal: AbortSignal,
): Promise<void> {
  const { followMailbox } = await import('./platform/follow-mailbox.js');
  await followMailbox(deps, signal);
}
