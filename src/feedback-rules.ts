/** What ties reports to deliveries and judges them, from the settings of the operator. */
import { openBounceAddresses } from './audience/bounce-addresses.js';
import { openLinks } from './audience/links.js';
import type { OperatorSettings } from './config/load-env.js';
import { judgeBounce } from './deliver/judge-bounce.js';
import { messageName } from './deliver/message.js';
import { BREAKER, SOFT_BOUNCES } from './domain/feedback-effects.js';
import type { FeedbackRules } from './feedback/index.js';

export type FeedbackRulesSettings = Pick<
  OperatorSettings,
  'bounceAddress' | 'publicUrl' | 'secrets' | 'softBounces' | 'breaker'
>;

/** Without a secret nothing is signed, and only webhooks and Message-IDs tie a report. */
export function feedbackRulesFrom({
  bounceAddress,
  publicUrl,
  secrets,
  softBounces = SOFT_BOUNCES,
  breaker = BREAKER,
}: FeedbackRulesSettings): FeedbackRules {
  const hasSecret = secrets.length > 0;
  const addresses =
    hasSecret && bounceAddress !== undefined ? openBounceAddresses({ address: bounceAddress, secrets }) : undefined;
  const links = hasSecret && publicUrl !== undefined ? openLinks({ publicUrl, secrets }) : undefined;
  const [mailbox, host] = (bounceAddress ?? '').toLowerCase().split('@');
  const isTagged = (address: string) => address.startsWith(`${mailbox}+`) && address.endsWith(`@${host}`);
  return {
    judgeBounce,
    signatures: {
      deliveryOf: (address) => addresses?.verify(address),
      isOurMailbox: (address) => addresses !== undefined && isTagged(address.toLowerCase()),
      readerOf: (url) => links?.verify(lastSegment(url)),
      messageName,
    },
    ...(addresses && {
      signed: {
        isOurs: (address) => addresses.verify(address) !== undefined,
        isUnsubscribe: addresses.isUnsubscribe,
      },
    }),
    softBounces,
    breaker,
  };
}

function lastSegment(url: string): string {
  return url.split(/[?#]/)[0]?.split('/').at(-1) ?? '';
}
