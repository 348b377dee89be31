/** The settings of a WordPress source. Apart from the source itself, whose parsers are loaded when it is first read. */
import { z } from 'zod';

export const wordPressOptions = z.strictObject({
  kind: z
    .literal('wordpress')
    .describe(
      'The kind of source: a blog made with WordPress, read by its REST API. An application password, with which drafts are listed, is set in the environment as `GAZETTE_SOURCE_<NAME>=user:password`.',
    ),
  url: z
    .url({
      protocol: /^https?$/,
      error: 'Must be an absolute http or https address, such as https://blog.example.org.',
    })
    .describe(
      'The address of the blog, or of its page for one category, tag or author: then only those posts are read, as the page shows them.',
    ),
  types: z
    .array(z.string().regex(/^[a-z0-9_-]+$/, 'Must be the name of a type in the REST API, such as posts.'))
    .min(1)
    .default(['posts'])
    .describe('The types of posts, as the REST API names them: posts, or those of a plug-in, such as podcasts.'),
  categoriesFrom: z
    .array(z.string().regex(/^[\w-]+$/, 'Must be the name of a taxonomy, such as category or post_tag.'))
    .default(['category'])
    .describe('The taxonomies whose terms are the categories of a post: category, post_tag, or those of a plug-in.'),
  lang: z
    .string()
    .regex(/^[A-Za-z_-]{2,12}$/, 'Must be a language code of Polylang or WPML, such as de.')
    .optional()
    .describe('The language whose posts are read, by its code in Polylang or WPML. Without it: what the API lists.'),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'Must be a language tag such as en or pt-BR.')
    .optional()
    .describe('The language of posts for which WordPress names none, such as en.'),
  allowPrivate: z
    .boolean()
    .default(false)
    .describe('Whether the blog may be in a private network, such as an intranet.'),
});

export type WordPressOptions = z.infer<typeof wordPressOptions>;
