/** The main job on the sample: import readers, send an issue over real SMTP, keep the mails that arrive, send again. */
import type { Newsletter } from '../domain/newsletter.js';
import type { Files } from '../domain/ports/host.js';
import type { IssuePlan } from '../issue/plan.js';
import type { Readers } from '../readers/index.js';
import type { Sending } from '../sending/index.js';
import type { SendProgress, SendReport } from '../sending/run.js';
import { demoIndex, type KeptMail } from './demo-index.js';

/** The use cases run on a fresh store, send to the inbox, and take the time of the sample. */
export interface DemoDeps {
  readonly readers: Pick<Readers, 'importSubscribers'>;
  readonly sending: Pick<Sending, 'sendNext'>;
  readonly files: Pick<Files, 'writePrivate'>;
  /** The mails that have arrived in the inbox. */
  mails(): readonly ArrivedMail[];
  /** A mail with the pictures of the sample in it: they are on no web site. */
  withPictures(html: string): Promise<string>;
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

export interface DemoSample {
  readonly newsletter: Newsletter;
  /** Its readers, as CSV. */
  readonly csv: Uint8Array;
  /** Where the mails are kept. */
  readonly folder: string;
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
  /** How many posts could not be read. */
  readonly broken: number;
  readonly folder: string;
  /** What a second send reported; `nothing-new` when all is well. */
  readonly again: string;
  /** Every planned reader got exactly one mail, and the second send found nothing new. */
  readonly ok: boolean;
}

export async function runDemo(deps: DemoDeps, sample: DemoSample, request: DemoRequest): Promise<DemoReport> {
  const { readers, sending } = deps;
  const { csv, folder } = sample;
  const newsletter = request.theme === undefined ? sample.newsletter : { ...sample.newsletter, theme: request.theme };
  await readers.importSubscribers({ newsletter, source: csv });
  let plan: IssuePlan | undefined;
  const confirm = async (shown: IssuePlan) => {
    plan = shown;
    return true;
  };
  const { onProgress } = request;
  const first = await sending.sendNext({ newsletter, confirm, ...(onProgress && { onProgress }) });
  if (first.kind !== 'sent' || !plan) throw new Error(`The sample has no issue to send: ${first.kind}.`);
  const arrived = await keepMails(deps, folder);
  const again = await sending.sendNext({ newsletter, confirm });

  const isOnce =
    new Set(arrived.map(({ to }) => to)).size === arrived.length && arrived.length === plan.readers.planned;
  const ok = isOnce && again.kind === 'nothing-new' && first.counts.accepted === arrived.length;
  const broken = plan.posts.filter(({ message }) => message !== undefined).length;
  return { plan, sent: first, arrived, broken, folder, again: again.kind, ok };
}

/** Writes each mail as it arrived, its two parts, and a page that shows them all. */
async function keepMails({ files, mails, withPictures }: DemoDeps, folder: string): Promise<readonly KeptMail[]> {
  const kept: KeptMail[] = [];
  for (const mail of [...mails()].sort((a, b) => addressOf(a).localeCompare(addressOf(b)))) {
    const to = addressOf(mail);
    const name = `${String(kept.length + 1).padStart(2, '0')}-${to.replace(/[^a-z0-9@.+-]+/gi, '_')}`;
    const { subject = '', html = '', text = '' } = await mail.parsed();
    await files.writePrivate(`${folder}/${name}.eml`, mail.raw);
    await files.writePrivate(`${folder}/${name}.html`, await withPictures(html));
    await files.writePrivate(`${folder}/${name}.txt`, text);
    kept.push({ to, subject, name });
  }
  await files.writePrivate(`${folder}/index.html`, demoIndex(kept));
  return kept;
}

function addressOf({ envelope }: ArrivedMail): string {
  return envelope.to[0] ?? '';
}
