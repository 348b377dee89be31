/** The settings of a Markdown source. Apart from the source itself, whose parsers are loaded when it is first read. */
import { z } from 'zod';
import { isTimezone } from '../domain/zoned-time.js';
import { URL_PARTS, unknownUrlPart } from './post-url.js';

/** The settings of a Markdown source, one entry of content/sources.yaml. */
export const markdownOptions = z.strictObject({
  kind: z.literal('markdown').describe('The kind of source: a folder of Markdown files.'),
  dir: z.string().min(1).describe('The folder of the posts, relative to content/. It may be outside the workspace.'),
  site: z
    .url({
      protocol: /^https?$/,
      error: 'Must be an absolute http or https address, such as https://blog.example.org.',
    })
    .describe('The address of the site where the posts are published.'),
  url: z
    .string()
    .refine((pattern) => pattern.startsWith('/'), 'Must begin with /.')
    .refine((pattern) => unknownUrlPart(pattern) === undefined, {
      error: ({ input }) =>
        `“:${unknownUrlPart(String(input))}” means nothing here; known are ${URL_PARTS.map((part) => `:${part}`).join(' ')}.`,
    })
    .default('/:year/:month/:day/:slug/')
    .describe('The path of a post that does not name its own, such as /:year/:month/:day/:slug/.'),
  timezone: z
    .string()
    .refine(isTimezone, 'Must be a time zone such as Europe/London or UTC.')
    .describe('The time zone of dates without an offset, such as Europe/London.'),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'Must be a language tag such as en or pt-BR.')
    .optional()
    .describe('The language of posts that do not name their own, such as en.'),
});

export type MarkdownOptions = z.infer<typeof markdownOptions>;
