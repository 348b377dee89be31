/** Reads a submitted form of the studio. */
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { formText } from '../../domain/form-text.js';

/** Enough for a long introduction. */
const MAX_BYTES = 256 * 1024;

export const formLimit = bodyLimit({
  maxSize: MAX_BYTES,
  onError: (context) => context.text('The form is too large: at most 256 kB can be saved at once.', 413),
});

export interface SubmittedForm {
  /** A parameter of the path; empty if it has none of that name. */
  param(name: string): string;
  /** A field; empty if it is missing. */
  field(name: string): string;
}

export async function submittedForm(context: Context): Promise<SubmittedForm> {
  const fields = await context.req.parseBody();
  return {
    param: (name) => context.req.param(name) ?? '',
    field(name) {
      const value = fields[name];
      return typeof value === 'string' ? formText(value) : '';
    },
  };
}
