/** Sends an issue of a real blog with the built program, to a real SMTP server; and reads its API with the real HTTP client. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openFetchWeb } from '../../src/platform/fetch-web.js';
import { openWebClient } from '../../src/platform/web-client.js';
import { openSource, SOURCE_KINDS } from '../../src/sources/index.js';
import { handClock } from '../support/app-context.js';
import { type Collected, collectAgain } from '../support/collect-again.js';
import { aFolder, gazette, writeFiles } from '../support/e2e-gazette.js';
import { openRoughServer } from '../support/e2e-smtp.js';
import { filesOf, toolsOf } from '../support/sources-files.js';
import { textsOf } from './read-mail.js';

export interface SentIssue {
  /** What `init` found, as JSON. */
  readonly found: { readonly what: string; readonly source: object; readonly title: string };
  readonly plan: string;
  readonly html: string;
  readonly text: string;
}

/** From the address of a blog to the mail of one reader: `init --from` makes the settings, and only a baseline is added. */
export async function sendIssue(address: string): Promise<SentIssue> {
  const inbox = await openRoughServer();
  try {
    const folder = await aFolder();
    await writeFiles(folder, {
      'readers.csv': 'email,consent_source,consent_at\nreader@example.org,test,2026-01-01\n',
    });
    const options = { folder, env: { SMTP_URL: inbox.url } };
    const run = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await gazette(args, options);
      if (code !== 0) throw new Error(`gazette ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
      return stdout;
    };
    const said = ['--sender', 'notes@example.org', '--postal-address', '1 Example Street, Exampletown'];
    const found = JSON.parse(await run('init', '.', '--from', address, ...said, '--json'));
    const file = join(folder, 'content/newsletters/weekly.yaml');
    const settings = await readFile(file, 'utf8');
    await writeFile(file, settings.replace(/^# baseline: .*$/m, 'baseline: 2026-05-01'));
    await run('subscribers', 'import', 'readers.csv');
    const plan = await run('plan');
    await run('send', '--yes');
    const [mail] = inbox.taken;
    if (!mail) throw new Error('no mail was sent');
    return { found, plan, ...(await textsOf(mail.raw)) };
  } finally {
    await inbox.close();
  }
}

export interface RealSource extends Collected {
  /** The addresses that were asked, and forgets them. */
  asked(): readonly string[];
}

/** A source over the network. @param file the content of its file, where it has one */
export function realSource(
  settings: { readonly kind: string; readonly [key: string]: unknown },
  credentials?: string,
  file = '',
): RealSource {
  let asked: string[] = [];
  const fetchOverNetwork = openFetchWeb({ client: openWebClient({}), clock: handClock(new Date()) });
  const tools = toolsOf({
    files: filesOf({ export: file }),
    fetchWeb: (request, signal) => {
      asked.push(request.url);
      return fetchOverNetwork(request, signal);
    },
    credentialsOf: () => credentials,
  });
  const options = SOURCE_KINDS.find(({ kind }) => kind === settings.kind)?.options.parse(settings);
  if (!options) throw new Error(`no kind ${settings.kind}`);
  return {
    ...collectAgain(openSource('blog', options, tools), new Date()),
    asked: () => {
      const before = asked;
      asked = [];
      return before;
    },
  };
}
