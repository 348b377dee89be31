/** What a browser would submit: forms read by a real HTML parser, filled in, and encoded as the HTML standard says. */
import type { Element, ElementContent, Root } from 'hast';
import rehypeParse from 'rehype-parse';
import { unified } from 'unified';

export interface BrowserForm {
  readonly method: string;
  readonly action: string;
  readonly id: string;
  /** Its buttons that can be pressed, by name and value. */
  readonly buttons: readonly PageButton[];
  /** The value of each field as the page shows it. */
  value(name: string): string;
  /** The body of a submission, with some fields changed and a button pressed. */
  submit(changes?: { readonly [name: string]: string }, button?: readonly [string, string]): string;
}

export interface PageButton {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly words: string;
}

/** The forms of a page, in order. */
export function formsIn(html: string): readonly BrowserForm[] {
  return elementsIn(parsed(html), (element) => element.tagName === 'form').map(formFrom);
}

/** The text of the first element of a kind, as a browser has it. */
export function textIn(html: string, tagName: string): string {
  const [found] = elementsIn(parsed(html), (element) => element.tagName === tagName);
  if (!found) throw new Error(`The page has no <${tagName}>.`);
  return textOf(found);
}

/** The form that has a field of this name and value. */
export function formWith(html: string, name: string, value: string): BrowserForm {
  const found = formsIn(html).find((form) => form.value(name) === value);
  if (!found) throw new Error(`No form has ${name}=${value}.`);
  return found;
}

function parsed(html: string): Root {
  return unified().use(rehypeParse).parse(html);
}

function elementsIn(node: Root | ElementContent, isWanted: (element: Element) => boolean): readonly Element[] {
  const own = node.type === 'element' && isWanted(node) ? [node] : [];
  return 'children' in node
    ? [...own, ...node.children.flatMap((child) => elementsIn(child as Element, isWanted))]
    : own;
}

function textOf(node: Element): string {
  return node.children
    .map((child) => (child.type === 'text' ? child.value : child.type === 'element' ? textOf(child) : ''))
    .join('');
}

function formFrom(form: Element): BrowserForm {
  const fields = fieldsIn(form);
  return {
    method: String(form.properties.method ?? 'get'),
    action: String(form.properties.action ?? ''),
    id: String(form.properties.id ?? ''),
    buttons: elementsIn(form, ({ tagName, properties }) => tagName === 'button' && !properties.disabled).map(
      (button) => ({
        id: String(button.properties.id ?? ''),
        name: String(button.properties.name ?? ''),
        value: String(button.properties.value ?? ''),
        words: textOf(button),
      }),
    ),
    value: (name) => fields.find(([each]) => each === name)?.[1] ?? '',
    submit(changes = {}, button) {
      const sent = fields.map(([name, value, sanitized]) => [name, sanitized(changes[name] ?? value)] as const);
      const pairs = [...sent, ...(button ? [button] : [])].map(([name, value]) => [asSent(name), asSent(value)]);
      return new URLSearchParams(pairs as [string, string][]).toString();
    },
  };
}

type Field = readonly [name: string, value: string, sanitized: (value: string) => string];

/** HTML §4.10.5: what a user may enter, and what is read from the page. */
function fieldsIn(form: Element): readonly Field[] {
  return elementsIn(form, ({ tagName }) => ['input', 'textarea', 'select'].includes(tagName)).flatMap(
    (field): Field[] => {
      const { name, type, value, checked, disabled } = field.properties;
      if (disabled || typeof name !== 'string') return [];
      if (field.tagName === 'textarea') return [[name, textOf(field).replace(/\r\n?/g, '\n'), inLines]];
      if (field.tagName === 'select') {
        const options = elementsIn(field, ({ tagName }) => tagName === 'option');
        const chosen = options.find(({ properties }) => properties.selected) ?? options[0];
        return chosen ? [[name, String(chosen.properties.value ?? textOf(chosen)), asItIs]] : [];
      }
      const isBox = type === 'checkbox' || type === 'radio';
      if (isBox && !checked) return [];
      const isLine = type === undefined || ['text', 'search', 'email', 'url', 'tel', 'password'].includes(String(type));
      const sanitized = isLine ? inOneLine : asItIs;
      return [[name, sanitized(String(value ?? (isBox ? 'on' : ''))), sanitized]];
    },
  );
}

const asItIs = (value: string) => value;
const inLines = (value: string) => value.replace(/\r\n?/g, '\n');
const inOneLine = (value: string) => value.replace(/[\r\n]/g, '');

/** HTML §4.10.22.4: each newline of an entry is sent as CRLF; and strings are well-formed on the wire. */
function asSent(value: string): string {
  return value.replace(/\r\n?|\n/g, '\r\n').replace(/\p{Surrogate}/gu, '\ufffd');
}
