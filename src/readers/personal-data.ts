/** What is stored about a person, and its erasure. */
import { preferencesAsWishes } from '../domain/category.js';
import type { AudienceStore, Person } from '../domain/ports/audience.js';
import type { Log } from '../domain/ports/host.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { SignUpStore } from '../domain/ports/sign-ups.js';
import type { PublicSite } from './public-site.js';

export interface PersonalDataDeps {
  readonly audience: Pick<AudienceStore, 'erase'>;
  readonly signUps: Pick<SignUpStore, 'evidence' | 'forget'>;
  readonly ledger: Pick<Ledger, 'deliveriesTo'>;
  readonly erasedKeys: PublicSite['erasedKeys'];
  readonly log: Log;
}

export type PersonalData = ReturnType<typeof openPersonalData>;

export function openPersonalData({ audience, signUps, ledger, erasedKeys, log }: PersonalDataDeps) {
  /** Everything stored about a person, with the evidence of consent. */
  async function read({ subscriber, addressKey, subscriptions, suppressed }: Person) {
    const [evidence, deliveries] = await Promise.all([
      signUps.evidence(addressKey),
      ledger.deliveriesTo(subscriber.id),
    ]);
    return {
      subscriber,
      subscriptions: subscriptions.map(preferencesAsWishes),
      ...(suppressed && { suppressed }),
      evidence: evidence.map(({ addressKey: _, ...kept }) => preferencesAsWishes(kept)),
      deliveries,
    };
  }

  /** Erases a person for ever; a keyed hash of the address stays suppressed. */
  async function erase({ subscriber, addressKey }: Person, now: Date): Promise<void> {
    const [erasedKey = ''] = erasedKeys(addressKey);
    await signUps.forget(addressKey, subscriber.id);
    await audience.erase(subscriber.id, erasedKey, now);
    log.info('subscriber.erased', { subscriber: subscriber.id });
  }

  return { read, erase };
}
