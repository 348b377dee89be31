/** `gazette preview`: writes the next issue to files, as a reader would get it. */
import type { Command } from 'commander';
import { GazetteError } from '../../domain/errors.js';
import type { CommandContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { columnsOf, styled } from '../io.js';
import { instantFrom, repeated, withExamples, withNewsletterArgument } from '../options.js';

interface PreviewOptions {
  readonly now?: Date;
  readonly wish?: readonly string[];
  readonly reader?: string;
  readonly language?: string;
  readonly out?: string;
  readonly open?: boolean;
}

export function define(command: Command, context: CommandContext): void {
  withNewsletterArgument(command)
    .option('--now <moment>', 'as if the cut-off were this moment', instantFrom)
    .option('--wish <category>', 'as a reader who chose this category; may be repeated', repeated)
    .option('--reader <address>', 'as this reader, with their categories, language and name')
    .option('--language <tag>', 'as a reader of this language')
    .option('--out <dir>', 'where to write the files')
    .option('--open', 'open the HTML in your browser')
    .action((id: string | undefined, options: PreviewOptions) => preview(context, id, options));
  withExamples(
    command,
    'preview --open',
    'preview weekly --wish chemistry --wish software',
    'preview --reader reader@example.org',
  );
}

async function preview(context: CommandContext, id: string | undefined, options: PreviewOptions): Promise<void> {
  const { wish, reader, language, now, out } = options;
  if (wish && reader) throw new GazetteError('usage', 'Give --wish or --reader, not both.');
  const { issues, newsletter } = await context.workspaceFor(id);
  const report = await issues.preview({
    newsletter,
    ...(now && { now }),
    ...(wish && { preferences: wish }),
    ...(reader !== undefined && { reader }),
    ...(language !== undefined && { language }),
  });
  if (report.kind !== 'preview') {
    context.print({ outcome: report.kind }, () => `${NOTHING[report.kind]}\n`);
    context.exit(EXIT.nothingToDo);
    return;
  }
  const files = await issues.writePreview(report, out);
  const { number, subject, htmlBytes, posts } = report;
  context.print({ outcome: 'preview', number, subject, htmlBytes, posts, files }, () =>
    columnsOf([
      ['Subject', styled(context.io, 'bold', subject)],
      ['HTML', `${files.html}  (${Math.ceil(htmlBytes / 1000)} kB of 95)`],
      ['Text', files.text],
      ['Mail', files.eml],
    ]),
  );
  if (options.open) context.io.open(files.html);
}

const NOTHING = {
  'nothing-new': 'Nothing new: there is no issue to preview.',
  'too-few': 'Too few posts for an issue (minPosts).',
  'nothing-wished': 'This issue has nothing in these categories: such a reader gets no mail.',
} as const;
