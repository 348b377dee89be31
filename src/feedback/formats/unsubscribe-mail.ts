/** A mail that asks for no more mail, as our List-Unsubscribe offers it. What a mail quotes never counts. */
import { fieldIn } from './fields.js';
import type { ReportFormat } from './format.js';

/** Only its subject, and only where that is the one word. */
export const unsubscribeMail: ReportFormat = {
  name: 'unsubscribe-mail',
  read: ({ headers }) =>
    /^unsubscribe$/i.test(fieldIn(headers, 'subject').trim()) ? [{ kind: 'unsubscribe' }] : undefined,
};
