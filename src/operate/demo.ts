/** The main job on the sample: import readers, send an issue over real SMTP, keep what arrived, send again. */

import type { AppContext } from '../app-context.js';
import { newsletterNamed } from '../app-context.js';
import type { IssuePlan } from '../issue/plan.js';
import type { SendProgress, SendReport } from '../sending/run.js';
import { demoIndex } from './demo-index.js';

export interface DemoTools {
  /** A house with a fresh store, whose transport leads to `inbox`, at the sample's moment. */
  readonly deps: AppContext;
  readonly newsletter: string;
  readonly readers: Uint8Array;
  /** What the inbox has received so far. */
  mails(): readonly ArrivedMail[];
  /** Where the mails are kept. */
  readonly folder: string;
}

export interface ArrivedMail {
  readonly envelope: { readonly to: readonly string[] };
  readonly raw: Uint8Array;
  parsed(): Promise<{
    readonly subject?: string | undefined;
    readonly html?: string | undefined;
    readonly text?: string | undefined;
  }>;
}

export interface DemoRequest {
  /** Instead of the newsletter's own theme. */
  readonly theme?: string;
  onProgress?(progress: SendProgress): void;
}

export interface DemoReport {
  readonly plan: IssuePlan;
  readonly sent: SendReport;
  readonly arrived: readonly KeptMail[];
  readonly broken: number;
  readonly folder: string;
  /** What a second send found; `nothing-new` when all is well. */
  readonly again: string;
  /** Every reader planned got exactly one mail, and the second send found nothing new. */
  readonly ok: boolean;
}

export interface KeptMail {
  readonly to: string;
  readonly subject: string;
  /** The name of its files, without their endings. */
  readonly name: string;
}

export async function runDemo(tools: DemoTools, request: DemoRequest): Promise<DemoReport> {
  const { deps, folder } = tools;
  const named = newsletterNamed(deps, tools.newsletter);
  const newsletter = request.theme === undefined ? named : { ...named, theme: request.theme };
  await deps.readers.importSubscribers({ newsletter, source: tools.readers });
  let plan: IssuePlan | undefined;
  const confirm = async (shown: IssuePlan) => {
    plan = shown;
    return true;
  };
  const first = await deps.sending.sendNext({
    newsletter,
    confirm,
    ...(request.onProgress && { onProgress: request.onProgress }),
  });
  if (first.kind !== 'sent' || !plan) throw new Error(`The sample has no issue to send: ${first.kind}.`);
  const arrived = await keepMails(tools);
  const again = await deps.sending.sendNext({ newsletter, confirm });

  const isOnce =
    new Set(arrived.map(({ to }) => to)).size === arrived.length && arrived.length === plan.readers.planned;
  const ok = isOnce && again.kind === 'nothing-new' && first.counts.accepted === arrived.length;
  const broken = plan.posts.filter(({ message }) => message !== undefined).length;
  return { plan, sent: first, arrived, broken, folder, again: again.kind, ok };
}

/** Keeps each mail as it came, and its two parts; and a page to leaf through them. */
async function keepMails({ deps, mails, folder }: DemoTools): Promise<readonly KeptMail[]> {
  const kept: KeptMail[] = [];
  for (const mail of [...mails()].sort((a, b) => addressOf(a).localeCompare(addressOf(b)))) {
    const to = addressOf(mail);
    const name = `${String(kept.length + 1).padStart(2, '0')}-${to.replace(/[^a-z0-9@.+-]+/gi, '_')}`;
    const { subject = '', html = '', text = '' } = await mail.parsed();
    await deps.files.writePrivate(`${folder}/${name}.eml`, mail.raw);
    await deps.files.writePrivate(`${folder}/${name}.html`, html);
    await deps.files.writePrivate(`${folder}/${name}.txt`, text);
    kept.push({ to, subject, name });
  }
  await deps.files.writePrivate(`${folder}/index.html`, demoIndex(kept));
  return kept;
}

function addressOf({ envelope }: ArrivedMail): string {
  return envelope.to[0] ?? '';
}
