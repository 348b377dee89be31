/** Forms of the studio's own pages. */
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { formText } from '../../domain/form-text.js';

/** Room for a long introduction. */
export const MOST_BYTES = 256 * 1024;

export const formLimit = bodyLimit({
  maxSize: MOST_BYTES,
  onError: (context) => context.text('That is too much at once.', 413),
});

/** Reads fields by name; one that is missing is empty. */
export async function formOf(context: Context): Promise<(name: string) => string> {
  const fields = await context.req.parseBody();
  return (name) => {
    const value = fields[name];
    return typeof value === 'string' ? formText(value) : '';
  };
}
