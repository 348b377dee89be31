/** Reports of abuse (RFC 5965) and of failed authentication (RFC 6591). */
import { addressOf } from './addresses.js';
import { type Fields, fieldGroups, fieldIn } from './fields.js';
import { MOST_RECIPIENTS, type ReportFormat, type Said } from './format.js';
import type { ReturnedMessage } from './returned-message.js';

/** `message/feedback-report`, and the forms of providers that send their complaints otherwise. */
export const arf: ReportFormat = {
  name: 'arf',
  read: (message) => {
    const fields = message.parts
      .filter(({ type, text }) => /feedback-report/.test(type) || /^feedback-type:/im.test(text))
      .flatMap(({ text }) => fieldGroups(text));
    const report = fields.find((group) => group.has('feedback-type'));
    if (report) return saidBy(report);
    return isOtherComplaint(message) ? [{ kind: 'complaint' }] : undefined;
  },
};

/** What asks us to write no more; `auth-failure` and `dmarc` are about our DNS, `not-spam` takes a complaint back. */
const COMPLAINTS = ['abuse', 'fraud', 'virus', 'opt-out', 'opt-out-list', 'miscategorized', 'phishing'];

function saidBy(report: Fields): readonly Said[] {
  const type = /^[a-z-]+/.exec(fieldIn(report, 'feedback-type').toLowerCase())?.[0] ?? '';
  const kind = COMPLAINTS.includes(type) ? 'complaint' : 'other';
  const recipients = [...(report.get('original-rcpt-to') ?? []), ...(report.get('removal-recipient') ?? [])].map(
    addressOf,
  );
  const named = [...new Set(recipients.filter((address) => address !== undefined))].slice(0, MOST_RECIPIENTS);
  return named.length === 0 ? [{ kind }] : named.map((recipient) => ({ kind, recipient }));
}

/** Outlook.com returns the message under a header of its own, without a report (its junk mail reporting programme). */
function isOtherComplaint({ headers, original }: ReturnedMessage): boolean {
  const from = fieldIn(headers, 'from').toLowerCase();
  const isOutlook = /\bstaff@(hotmail|outlook|microsoft)\.com\b/.test(from);
  return (
    (isOutlook && /complaint about message/i.test(fieldIn(headers, 'subject'))) ||
    fieldIn(original, 'x-hmxmroriginalrecipient') !== ''
  );
}
