/** Forms as browsers and mailbox providers send them: urlencoded or multipart, and small. */
import { formText } from '../../domain/form-text.js';
import { readAtMost } from './read-at-most.js';
import type { PublicContext } from './route.js';

export const MOST_FORM_BYTES = 16 * 1024;

export type ReadForm =
  | { readonly kind: 'form'; readonly fields: URLSearchParams }
  | { readonly kind: 'refused'; readonly status: 400 | 413 | 415 };

/** The fields of a form, without files. */
export async function readForm(context: PublicContext): Promise<ReadForm> {
  const type = typeOf(context);
  if (!FORM_TYPE.test(type)) return { kind: 'refused', status: 415 };
  const bytes = await bytesOf(context);
  return bytes === undefined ? { kind: 'refused', status: 413 } : formFrom(context, bytes);
}

/** The same, or one click (RFC 8058) in any form in which mailbox providers send it. */
export async function readUnsubscribeForm(context: PublicContext): Promise<ReadForm | { readonly kind: 'one-click' }> {
  const type = typeOf(context);
  if (type !== '' && !FORM_TYPE.test(type)) return { kind: 'refused', status: 415 };
  const bytes = await bytesOf(context);
  if (bytes === undefined) return { kind: 'refused', status: 413 };
  const text = new TextDecoder().decode(bytes).toLowerCase();
  if (type.startsWith('multipart/') ? hasOneClickPart(text) : hasOneClickField(text)) return { kind: 'one-click' };
  return type === '' ? { kind: 'refused', status: 415 } : formFrom(context, bytes);
}

const FORM_TYPE = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)(?:;|$)/;

function typeOf(context: PublicContext): string {
  return (context.req.header('Content-Type') ?? '').toLowerCase();
}

// Providers send it without a type, in another case, with a line end behind it, with bare line feeds or with a preamble.

function hasOneClickField(text: string): boolean {
  return text.split('&').some((field) => field.trim() === 'list-unsubscribe=one-click');
}

function hasOneClickPart(text: string): boolean {
  const lines = text.split('\n').map((line) => line.trim());
  const header = lines.findIndex(
    (line) => line.startsWith('content-disposition:') && /name="?list-unsubscribe"?(?:;|$)/.test(line),
  );
  return header >= 0 && lines[lines.indexOf('', header) + 1] === 'one-click';
}

async function formFrom(context: PublicContext, bytes: Uint8Array<ArrayBuffer>): Promise<ReadForm> {
  if (typeOf(context).startsWith('application/'))
    return { kind: 'form', fields: new URLSearchParams(new TextDecoder().decode(bytes)) };
  try {
    const data = await new Response(bytes, {
      headers: { 'Content-Type': context.req.header('Content-Type') ?? '' },
    }).formData();
    const fields = new URLSearchParams();
    for (const [name, value] of data.entries()) if (typeof value === 'string') fields.append(name, value);
    return { kind: 'form', fields };
  } catch {
    return { kind: 'refused', status: 400 };
  }
}

/** The whole body; `undefined` when it is too long. Node enforces a declared length; bodies without one are counted here. */
async function bytesOf(context: PublicContext): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const length = Number(context.req.header('Content-Length') ?? Number.NaN);
  if (length > MOST_FORM_BYTES) return undefined;
  if (length >= 0 && context.env?.peerIp !== undefined) return new Uint8Array(await context.req.arrayBuffer());
  return readAtMost(context.req.raw.body, MOST_FORM_BYTES);
}

export function fieldOf(fields: URLSearchParams, name: string): string {
  return formText(fields.get(name) ?? '');
}
