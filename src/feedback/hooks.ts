/** The webhooks of providers: a call is checked, read and answered only when its reports are committed (rule: feedback). */
import type { FeedbackSink } from '../domain/ports/feedback.js';
import type { Clock, Log } from '../domain/ports/host.js';
import { type HookSettings, PROVIDERS, type ProviderName } from '../domain/providers.js';
import { openBatches } from './batches.js';
import type { HookCall, ProviderTools, ReadHeader } from './providers/provider.js';
import { PROVIDERS_READ } from './providers/registry.js';
import { openRefusalLog } from './refusal-log.js';

export interface Hook {
  readonly name: ProviderName;
  /** Longer bodies are not read. */
  readonly mostBytes: number;
  /** Whether the body is worth reading. */
  admits(header: ReadHeader): boolean;
  /** Resolves when everything the call reports is committed. */
  take(call: HookCall): Promise<HookEnd>;
}

/** `later`: the provider is asked to send the call again. */
export type HookEnd = 'taken' | 'forged' | 'late' | 'unreadable' | 'later';

export interface Hooks {
  /** The webhook of a provider; `undefined` where nothing in the settings proves its calls. */
  named(provider: string): Hook | undefined;
}

export interface HooksDeps extends ProviderTools {
  readonly settings: HookSettings;
  readonly sink: FeedbackSink;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

export function openHooks({ settings, sink, clock, log, ...tools }: HooksDeps): Hooks {
  const take = openBatches({ sink, now: () => clock.now() });
  const refused = openRefusalLog({ log, clock, event: 'feedback.calls-refused' });
  const hooks = new Map<string, Hook>();
  for (const [name, proofs] of settings) {
    const { mostBytes, open } = PROVIDERS_READ[name];
    const provider = open(proofs, tools);
    const refusedAs = (why: Exclude<HookEnd, 'taken'>, text?: string): HookEnd => {
      refused({ provider: PROVIDERS[name], why, ...(text !== undefined && { text }) });
      return why;
    };
    hooks.set(name, {
      name,
      mostBytes,
      admits(header) {
        const isAdmitted = provider.admits(header);
        if (!isAdmitted) refusedAs('forged');
        return isAdmitted;
      },
      async take(call) {
        const end = await provider.read(call, clock.now());
        if (end.kind === 'refused') return refusedAs(end.why);
        if (end.kind === 'later') return refusedAs('later', end.text);
        try {
          await take(end.reports);
          return 'taken';
        } catch (error) {
          return refusedAs('later', (error as Error).message);
        }
      },
    });
  }
  return { named: (provider) => hooks.get(provider) };
}
