/** Everything a file of content/newsletters may say, with its defaults and what each key means (rule: files). */
import { z } from 'zod';
import { addressFrom } from '../domain/address.js';
import { categoryKey, OTHER } from '../domain/category.js';
import type { Approval, OnSourceFailure } from '../domain/newsletter.js';
import { isTimezone } from '../domain/zoned-time.js';
import { instantFrom } from '../sources/dates.js';
import { DURATION, DURATION_EXAMPLES, durationMs } from './duration.js';

/** Says why a schedule cannot be used; `undefined` when it can. */
export type CheckSchedule = (schedule: string) => string | undefined;

export const LONGEST_LINE = 200;

/** Text for a header or a heading: one line, no control characters. */
export const line = z
  .string()
  .trim()
  .min(1)
  .max(LONGEST_LINE)
  .refine((text) => !/\p{Cc}/u.test(text), 'Must be one line, without control characters.');

const address = z.string().transform((text, context) => {
  const read = addressFrom(text);
  if (read && !read.needsSmtpUtf8) return `${read.address.slice(0, read.address.lastIndexOf('@'))}@${read.asciiDomain}`;
  const message = read
    ? 'Must be written in ASCII letters before the @, or many servers refuse the mail.'
    : 'Must be an address such as name@example.org.';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const language = z.string().transform((text, context) => {
  try {
    return Intl.getCanonicalLocales(text)[0] as string;
  } catch {
    context.addIssue({ code: 'custom', message: 'Must be a language code such as en or pt-BR.' });
    return z.NEVER;
  }
});

const timezone = z.string().refine(isTimezone, 'Must be a time zone such as Europe/London or UTC.');

const momentMessage = 'Must be a date such as 2026-01-01, or 2026-01-01 08:00.';

const durationMessage = `Must be a duration such as ${DURATION_EXAMPLES}.`;
const duration = z
  .string({ error: durationMessage })
  .regex(DURATION, durationMessage)
  .transform((text) => durationMs(text) as number);

/** `none`, or a word followed by a duration. */
function choice<Value>(words: readonly string[], timed: string, read: (word: string, ms: number) => Value) {
  const pattern = new RegExp(`^(?:${words.join('|')}|${timed}\\s+${DURATION.source.slice(1, -1)})$`);
  const message = `Must be ${words.join(', ')}, or ${timed} with a duration: ${timed} 2h.`;
  return z
    .string({ error: message })
    .regex(pattern, message)
    .transform((text) => {
      const [word = '', ...rest] = text.split(/\s+/);
      return read(word, durationMs(rest.join('')) ?? 0);
    });
}

const approval = choice(
  ['none', 'required'],
  'veto',
  (kind, ms): Approval => (kind === 'veto' ? { kind, ms } : { kind: kind as 'none' | 'required' }),
);

const onSourceFailure = choice(
  ['send-without', 'stop'],
  'wait',
  (kind, ms): OnSourceFailure => (kind === 'wait' ? { kind, ms } : { kind: kind as 'send-without' | 'stop' }),
);

/** What joins keys in files and in the ledger cannot be part of one. */
// In the form it is compared in: the Greek question mark becomes a semicolon there.
const categoryName = line.refine(
  (text) => !/[,;|*]/.test(categoryKey(text)),
  'Must not hold a comma, semicolon, bar or star.',
);
const categoryNames = z.array(categoryName);

const category = z.union(
  [
    categoryName,
    z.strictObject({
      key: categoryName.describe('The name posts use for the category.'),
      title: z
        .union([line, z.record(z.string(), line)], 'Must be text, or a text for each language: { en: …, de: … }.')
        .optional()
        .describe('The heading of its section: one text, or one for each language. Default: the key.'),
      also: categoryNames.default([]).describe('Other spellings of the same category.'),
    }),
  ],
  'Must be a name, or a group with key, title and also.',
);

const source = z.union(
  [
    line,
    z.strictObject({
      name: line.describe('The name of a source in content/sources.yaml.'),
      only: categoryNames.default([]).describe('Only posts in one of these categories; empty means all.'),
      except: categoryNames.default([]).describe('No posts in any of these categories.'),
    }),
  ],
  'Must be the name of a source, or a group with name, only and except.',
);

/** The schema of a newsletter file. */
export function newsletterSettings(checkSchedule: CheckSchedule) {
  const schedule = z.string().superRefine((text, context) => {
    const message = checkSchedule(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
  return z.strictObject({
    id: z
      .string()
      .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'Must be lower-case letters, digits and hyphens, such as weekly.')
      .max(40)
      .describe('A short name. Never change it once issues have been sent.'),
    title: line.describe('What readers see at the top of every issue.'),
    language: language.describe(
      'The language of headings and buttons for readers who have not chosen one, such as en.',
    ),
    timezone: timezone.describe('The time zone of the schedule and of the dates in an issue, such as Europe/London.'),
    schedule: schedule.describe('When issues are cut off and sent: five cron fields, or @daily, @weekly, @monthly.'),
    sources: z.array(source).min(1).describe('The sources of its posts, by their names in content/sources.yaml.'),
    categories: z
      .array(category)
      .default([])
      .describe('The sections of an issue, in this order. Posts in none of them come last, under “other”.'),
    theme: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'Must be the name of a folder of templates/.')
      .default('plain')
      .describe('How an issue looks: the name of a folder in templates/.'),
    look: z
      .strictObject({
        accent: z
          .string()
          .regex(/^#[0-9a-fA-F]{6}$/, 'Must be a colour such as "#0b5a75", in quotation marks.')
          .optional()
          .describe(
            'The colour of links and of the masthead, as #rrggbb. It is darkened or lightened until it can be read in each theme.',
          ),
        logo: z
          .url({
            protocol: /^https$/,
            error: 'Must be an absolute https address, such as https://example.org/logo.png.',
          })
          .max(1000)
          .refine(
            (url) => !/\.(?:svg|webp|avif|ico)(?:[?#]|$)/i.test(url),
            'Must be a PNG, JPEG or GIF: many mail clients show no other.',
          )
          .optional()
          .describe('The address of a PNG, JPEG or GIF that is shown above the title.'),
        logoWidth: z.int().min(16).max(320).default(64).describe('How wide the logo is shown, in pixels.'),
      })
      .optional()
      .describe('The colour and logo of a newsletter, on top of what its theme says.'),
    pictures: z
      .enum(['lead', 'each', 'none'])
      .default('each')
      .describe(
        'Which posts are shown with their picture: the first post of an issue alone (lead), each post, or none.',
      ),
    sender: z
      .strictObject({
        name: line.describe('The name shown before the address.'),
        address: address.describe('The address. You must be allowed to send for its domain.'),
      })
      .describe('Who the mail is from.'),
    confirmationSender: z
      .strictObject({
        name: line.describe('The name shown before the address.'),
        address: address.describe('The address. You must be allowed to send for its domain.'),
      })
      .optional()
      .describe('Who confirmation mails are from. Default: the sender.'),
    replyTo: address.optional().describe('Where replies go. Default: the sender.'),
    postalAddress: z
      .string()
      .trim()
      .min(1)
      .max(500)
      .optional()
      .describe('The postal address in the footer. A real send needs one.'),
    subject: line.optional().describe('The subject line. Default: made from the titles of the posts.'),
    minPosts: z.int().min(1).max(1000).default(1).describe('With fewer posts, no issue is sent and the posts wait.'),
    maxPosts: z.int().min(1).max(1000).default(40).describe('With more posts, the rest waits for the next issue.'),
    baseline: z
      .string({ error: momentMessage })
      .refine((text) => instantFrom(text, 'UTC') !== undefined, momentMessage)
      .optional()
      .describe(
        'The first issue carries posts since this date; older ones are never sent. Default: one period of the schedule.',
      ),
    maxAge: duration
      .optional()
      .describe(
        'Posts that arrive late and are older than this are not sent. Default: 30d, or two periods of the schedule if longer.',
      ),
    maxLateness: duration
      .prefault('24h')
      .describe('How late an issue may still be sent if the program was not running when it was due.'),
    approval: approval
      .prefault('none')
      .describe('Whether a person has to approve an issue: none, required, or veto 2h (sent unless someone stops it).'),
    inDoubt: z
      .enum(['resend', 'hold'])
      .default('resend')
      .describe(
        'When the outcome of a mail is unknown, for example after a crash: send it again, or leave it to a person.',
      ),
    onSourceFailure: onSourceFailure
      .prefault('stop')
      .describe('When a source cannot be read: send-without it, wait 30m for it, or stop.'),
  });
}

export type NewsletterSettings = z.output<ReturnType<typeof newsletterSettings>>;
export type CategorySettings = NewsletterSettings['categories'][number];

/** Whether a category may have this key: `other` is the section for posts in none. */
export function isReservedKey(key: string): boolean {
  return categoryKey(key) === OTHER;
}
