/** When a post was published and when it expires (rule: time). */
import { dayOf, instantAt, type WrittenDate } from './dates.js';
import { dialectNamed } from './dialects/index.js';
import type { PathFacts } from './file-name.js';
import type { FieldReader } from './post-fields.js';
import type { SourceFacts } from './source-facts.js';

export interface PostDates {
  readonly published?: WrittenDate | undefined;
  /** What an address is made from: `date`, also where another key says when a post is published. */
  readonly inUrl?: WrittenDate | undefined;
  readonly expiresAt?: Date;
}

const PUBLISHED = [
  'publishdate',
  'pubdate',
  'pubdatetime',
  'publish_date',
  'published_at',
  'publishedat',
  'date_published',
];

export function datesOf(fields: FieldReader, path: PathFacts, source: SourceFacts): PostDates {
  // `published` is a truth value to Jekyll and a date to Hugo.
  const hasPublishedDate =
    typeof fields.field('published')?.value === 'string' &&
    !/^(?:true|false|yes|no|on|off)$/i.test(fields.text('published') ?? '');
  const inName = path.date && { at: instantAt(path.date, source.timezone), day: dayOf(path.date) };
  const explicit = fields.date(...PUBLISHED, ...(hasPublishedDate ? ['published'] : []));
  const { lastDateKeys } = dialectNamed(source.generator.dialect);
  const date =
    fields.date('date') ?? (explicit || lastDateKeys.length === 0 ? undefined : fields.date(...lastDateKeys));
  const expiresAt = fields.date('expirydate', 'unpublishdate', 'expires')?.at;
  return {
    published: explicit ?? date ?? inName,
    inUrl: date ?? inName ?? explicit,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}
