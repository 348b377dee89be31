/** Mails of a line for every post, for tests that do not look at them: MJML is most of what a test of a story costs. */
import type { Renderer } from '../../src/domain/ports/content.js';

export const plainRenderer: Renderer = {
  render: async ({ digest, subject, preheader }) => {
    const lines = digest.sections.flatMap(({ posts }) => posts.map(({ title }) => title));
    return { subject: [subject], preheader, html: [lines.join('<br>')], text: [lines.join('\n')] };
  },
  measure: () => 1000,
  weighing: async () => () => 1000,
  hashes: async () => ({ theme: '', messages: '' }),
  lookAgain: () => undefined,
};
