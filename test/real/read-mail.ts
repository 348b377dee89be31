/** The two texts of a mail. */
import PostalMime from 'postal-mime';

export async function textsOf(raw: string): Promise<{ readonly html: string; readonly text: string }> {
  const { html = '', text = '' } = await PostalMime.parse(raw);
  return { html, text };
}
