/** Mails what sign-ups wait for; a failure is logged the first time it happens in a row, not with every form and minute. */
import type { ReaderSite } from '../../readers/index.js';

/** Gives a function that mails what is due; it never rejects. */
export function openTending({ mailSignUps, log }: ReaderSite): (signal?: AbortSignal) => Promise<void> {
  let told: string | undefined;
  return async (signal) => {
    try {
      await mailSignUps(signal);
      told = undefined;
    } catch (error) {
      if (told !== String(error)) log.error('sign-ups.not-tended', { error });
      told = String(error);
    }
  };
}
