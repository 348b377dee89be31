/** One mail that came back, as reports. */
import type { JudgeBounce } from '../domain/feedback.js';
import type { ReadReturnedMail, SignedAddresses } from '../domain/ports/feedback.js';
import { readReports } from './formats/index.js';

export interface ReadReturnedMailDeps {
  readonly judge: JudgeBounce;
  /** Absent where nothing is signed. */
  readonly signed?: Pick<SignedAddresses, 'isUnsubscribe'>;
}

/** Reads mails of every format. */
export function openReadReturnedMail({ judge, signed }: ReadReturnedMailDeps): ReadReturnedMail {
  return async ({ raw, recipients }) => {
    const reports = await readReports(raw, { judge, recipients });
    const [first] = reports;
    const address = [...recipients, ...(first?.names.envelopes ?? [])].find((each) => signed?.isUnsubscribe(each));
    // Whatever was sent to such an address asks for no more mail, but not what a program answers or returns.
    if (address === undefined || !first || !MAY_ASK.includes(first.finding.kind)) return reports;
    return [{ ...first, names: { envelopes: [address] }, finding: { kind: 'unsubscribe' } }];
  };
}

const MAY_ASK = ['unsubscribe', 'other'];
