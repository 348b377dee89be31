/** What is stored about a person, and its erasure. */
import { preferencesAsWishes } from '../domain/category.js';
import { GazetteError } from '../domain/errors.js';
import type { AudienceStore, Person } from '../domain/ports/audience.js';
import type { Log } from '../domain/ports/host.js';
import type { Ledger } from '../domain/ports/ledger.js';
import type { SignUpStore } from '../domain/ports/sign-ups.js';

/** Keyed hashes under which an erased address may be stored; the first is the one to write. None without a secret. */
export type ErasedKeys = (addressKey: string) => readonly string[];

export interface PersonalDataDeps {
  readonly audience: Pick<AudienceStore, 'erase'>;
  readonly signUps: Pick<SignUpStore, 'evidence' | 'forget'>;
  readonly ledger: Pick<Ledger, 'deliveriesTo'>;
  readonly erasedKeys: ErasedKeys;
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

  /** Erases a person for ever; a keyed hash of the address stays suppressed. Throws `env.invalid` without a secret. */
  async function erase({ subscriber, addressKey }: Person, now: Date): Promise<void> {
    const [erasedKey] = erasedKeys(addressKey);
    if (erasedKey === undefined) {
      throw new GazetteError(
        'env.invalid',
        'Erasing needs GAZETTE_SECRET: without it, an import could bring the reader back.',
        {
          hint: 'Set it in .env; `gazette init` writes one.',
        },
      );
    }
    await signUps.forget(addressKey, subscriber.id);
    await audience.erase(subscriber.id, erasedKey, now);
    log.info('subscriber.erased', { subscriber: subscriber.id });
  }

  return { read, erase };
}
