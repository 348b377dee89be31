/** The settings of a Ghost source. Apart from the source itself, whose parsers are loaded when it is first read. */
import { z } from 'zod';

export const ghostOptions = z.strictObject({
  kind: z
    .literal('ghost')
    .describe(
      'The kind of source: a blog made with Ghost, read by its Content API. Its key is set in the environment as `GAZETTE_SOURCE_<NAME>=key`.',
    ),
  url: z
    .url({
      protocol: /^https?$/,
      error: 'Must be an absolute http or https address, such as https://blog.example.org.',
    })
    .describe('The address of the blog, or of its page for one tag or author: then only those posts are read.'),
  types: z
    .array(z.enum(['posts', 'pages'], 'Must be posts or pages.'))
    .min(1)
    .default(['posts'])
    .describe('What is read: posts, pages, or both.'),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'Must be a language tag such as en or pt-BR.')
    .optional()
    .describe('The language of the posts, such as en.'),
  allowPrivate: z
    .boolean()
    .default(false)
    .describe('Whether the blog may be in a private network, such as an intranet.'),
});

export type GhostOptions = z.infer<typeof ghostOptions>;
