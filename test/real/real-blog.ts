/** Sends an issue of a real blog with the built program, to a real SMTP server; and reads its API with the real HTTP client. */

import { openFetchWeb } from '../../src/platform/fetch-web.js';
import { openWebClient } from '../../src/platform/web-client.js';
import { openSource, SOURCE_KINDS } from '../../src/sources/index.js';
import { handClock } from '../support/app-context.js';
import { type Collected, collectAgain } from '../support/collect-again.js';
import { aFolder, type Env, gazette, writeFiles } from '../support/e2e-gazette.js';
import { openRoughServer } from '../support/e2e-smtp.js';
import { filesOf, toolsOf } from '../support/sources-files.js';
import { textsOf } from './read-mail.js';

export interface SentIssue {
  readonly plan: string;
  readonly html: string;
  readonly text: string;
}

/** From the settings of a source to the mail of one reader. @param source as in content/sources.yaml, below its name */
export async function sendIssue(source: string, env: Env = {}): Promise<SentIssue> {
  const inbox = await openRoughServer();
  try {
    const folder = await aFolder();
    await writeFiles(folder, {
      'content/sources.yaml': `blog:\n${source.replace(/^/gm, '  ')}\n`,
      'content/newsletters/weekly.yaml': NEWSLETTER,
      'readers.csv': 'email,consent_source,consent_at\nreader@example.org,test,2026-01-01\n',
    });
    const options = { folder, env: { SMTP_URL: inbox.url, ...env } };
    const run = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await gazette(args, options);
      if (code !== 0) throw new Error(`gazette ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
      return stdout;
    };
    await run('subscribers', 'import', 'readers.csv');
    const plan = await run('plan');
    await run('send', '--yes');
    const [mail] = inbox.taken;
    if (!mail) throw new Error('no mail was sent');
    return { plan, ...(await textsOf(mail.raw)) };
  } finally {
    await inbox.close();
  }
}

const NEWSLETTER = `id: weekly
title: Notes
language: en
timezone: Europe/London
schedule: "0 8 * * 1"
sources: [blog]
categories: []
baseline: 2026-05-01
sender:
  name: Notes
  address: notes@example.org
postalAddress: 1 Example Street, Exampletown
`;

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
