/** Mails what sign-ups wait for; of equal failures in a row only the first is logged. */
import type { ReaderSite } from '../../readers/index.js';

/** Gives a function that mails what is due; it never rejects. */
export function openSignUpMailer({ mailSignUps, log }: Pick<ReaderSite, 'mailSignUps' | 'log'>) {
  let lastFailure: string | undefined;
  return async (signal?: AbortSignal): Promise<void> => {
    try {
      await mailSignUps(signal);
      lastFailure = undefined;
    } catch (error) {
      if (lastFailure !== String(error)) log.error('sign-ups.not-tended', { error });
      lastFailure = String(error);
    }
  };
}
