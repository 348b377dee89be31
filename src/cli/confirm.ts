/** Asks a person before something that cannot be undone. */
import { GazetteError } from '../domain/errors.js';
import type { CommandContext } from './context.js';

/** Throws `usage` where no person can be asked. @param what what `--yes` does without asking: `send` */
export function refuseUnaskable({ io, isJson }: Pick<CommandContext, 'io' | 'isJson'>, what: string): void {
  if (io.isInteractive && !isJson()) return;
  throw new GazetteError('usage', 'Cannot ask for confirmation without a terminal, or with --json.', {
    hint: `Add --yes to ${what} without being asked.`,
  });
}

/** Whether the person answers yes. @param question without the choice of answers */
export async function isConfirmed({ io }: Pick<CommandContext, 'io'>, question: string): Promise<boolean> {
  const answer = await io.ask(`${question} [y/N] `);
  return /^y(es)?$/i.test(answer?.trim() ?? '');
}
