/** The settings of a feed. Apart from the source itself, whose parsers are loaded when it is first read. */
import { z } from 'zod';
import { isTimezone } from '../../domain/zoned-time.js';

/** The settings of a feed, one entry of content/sources.yaml. */
export const feedOptions = z.strictObject({
  kind: z.literal('feed').describe('The kind of source: a feed in RSS, Atom, RDF or JSON Feed.'),
  url: z
    .url({
      protocol: /^https?$/,
      error: 'Must be an absolute http or https address, such as https://blog.example.org/feed.',
    })
    .refine((url) => !/^https?:\/\/[^/?#]*@/i.test(url), 'Must not contain a password; set it in the environment.')
    .describe(
      'The address of the feed. A user and password for it are set in the environment as `GAZETTE_SOURCE_<NAME>=user:password`, or a token as `GAZETTE_SOURCE_<NAME>=token`.',
    ),
  timezone: z
    .string()
    .refine(isTimezone, 'Must be a time zone such as Europe/London or UTC.')
    .default('UTC')
    .describe('The time zone of dates without an offset, such as Europe/London.'),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'Must be a language tag such as en or pt-BR.')
    .optional()
    .describe('The language of posts that do not name their own. Absent: the language of the feed.'),
  allowPrivate: z
    .boolean()
    .default(false)
    .describe('Whether the host of this address may be in a private network, such as an intranet.'),
});

export type FeedOptions = z.infer<typeof feedOptions>;
