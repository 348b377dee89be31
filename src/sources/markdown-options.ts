/** The settings of a Markdown source. Apart from the source itself, whose parsers are loaded when it is first read. */
import { z } from 'zod';
import { isTimezone } from '../domain/zoned-time.js';
import { DIALECT_NAMES } from './dialects/index.js';
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
    .optional()
    .describe(
      'The path of a post that does not name its own. Without it, the rules and the configuration of the dialect decide; for `plain` it is /:year/:month/:day/:slug/.',
    ),
  timezone: z
    .string()
    .refine(isTimezone, 'Must be a time zone such as Europe/London or UTC.')
    .optional()
    .describe(
      'The time zone of dates without an offset, such as Europe/London. Generators that read them otherwise go before it: Jekyll, Hugo and Hexo use the zone of their own configuration (Jekyll and Hugo else UTC), and Eleventy, Astro, Zola, Docusaurus and VitePress use UTC. Without either it is UTC.',
    ),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'Must be a language tag such as en or pt-BR.')
    .optional()
    .describe(
      'The language of posts that do not name their own, such as en. Without it, the main language of the site.',
    ),
  dialect: z
    .enum(DIALECT_NAMES)
    .optional()
    .describe(
      'The site generator whose rules the posts follow. Without it, it is recognised from the configuration file of the site, in `dir` or up to three folders above; where there is none, it is `plain`.',
    ),
  categoriesFrom: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe(
      'The keys of front matter that name categories, such as [tags]; a dot leads into a map (extra.topic), and `folder` is the folder a post is in. Without it, what the dialect uses.',
    ),
  optOutKey: z
    .string()
    .min(1)
    .default('newsletter')
    .describe('The key of front matter that keeps a post out of all issues when it is false.'),
});

export type MarkdownOptions = z.infer<typeof markdownOptions>;
