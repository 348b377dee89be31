/** What can be set, for editors' programs and for people: JSON Schemas and the reference, made from the schemas themselves. */
import { z } from 'zod';
import { arrangementSettings } from '../../src/config/arrangement-settings.js';
import { DOCUMENTED_VARIABLES } from '../../src/config/environment.js';
import { newsletterSettings } from '../../src/config/newsletter-settings.js';
import type { SourceKind } from '../../src/config/read-sources.js';

/** A generated file: its path within the repository, and its text. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** Every file that is made from the schemas. */
export function describeSettings(sourceKinds: readonly SourceKind[]): readonly GeneratedFile[] {
  const newsletter = jsonSchema(newsletterSettings(() => undefined));
  const arrangement = jsonSchema(arrangementSettings);
  const kinds = sourceKinds.map(({ options }) => jsonSchema(options));
  const sources: JsonSchema = {
    description: 'Where posts come from: each source by the name newsletters refer to.',
    type: 'object',
    additionalProperties: kinds.length === 1 ? (kinds[0] as JsonSchema) : { oneOf: kinds },
  };
  return [
    { path: 'docs/schemas/newsletter.schema.json', text: schemaText('A newsletter of Gazette', newsletter) },
    { path: 'docs/schemas/sources.schema.json', text: schemaText('The sources of Gazette', sources) },
    {
      path: 'docs/schemas/arrangement.schema.json',
      text: schemaText('What an editor arranged for an issue of Gazette', arrangement),
    },
    { path: 'docs/settings.md', text: reference({ newsletter, kinds, arrangement }) },
  ];
}

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: { readonly [key: string]: JsonSchema };
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
}

function jsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest as JsonSchema;
}

function schemaText(title: string, schema: JsonSchema): string {
  const whole = { $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...schema };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

interface Described {
  readonly newsletter: JsonSchema;
  readonly kinds: readonly JsonSchema[];
  readonly arrangement: JsonSchema;
}

function reference({ newsletter, kinds, arrangement }: Described): string {
  return `${[
    '# Settings',
    '<!-- Generated from the schemas by `npm run docs`; do not edit by hand. -->',
    'An editor’s settings are in three places in `content/`; the operator’s are environment variables. All mistakes are reported at once, each with file, line and column.',
    '## A newsletter: `content/newsletters/<file>.yaml`',
    'One file per newsletter. A duration is a number and a unit: `90m`, `24h`, `30d`, `2w`.',
    table(newsletter),
    '## Sources: `content/sources.yaml`',
    'Each source has a name, which newsletters refer to, and a group of settings beginning with `kind`.',
    ...kinds.flatMap((kind) => [`### \`kind: ${kind.properties?.kind?.const}\``, table(kind)]),
    '## An arrangement: `content/issues/<newsletter>/<day of the issue>.yaml`',
    'What an editor arranged for one issue; see [arranging](arranging.md). Name a post by its id, its URL or its path within its source.',
    table(arrangement),
    '## The environment',
    'Environment variables, or lines of a `.env` file in the workspace; the environment takes precedence. Those marked `_FILE` can be read from a file: `SMTP_URL_FILE=/run/secrets/smtp`.',
    environmentTable(),
  ].join('\n\n')}\n`;
}

function table(schema: JsonSchema): string {
  return markdownTable(['Key', 'Value', 'Default', 'Meaning'], rowsOf(schema, ''));
}

function rowsOf(schema: JsonSchema, prefix: string): readonly (readonly string[])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const isRequired = schema.required?.includes(key) ?? false;
    const name = `${prefix}${key}`;
    const row = [`\`${name}\``, valueText(property), absenceText(property, isRequired), property.description ?? ''];
    return [row, ...rowsOf(property, `${name}.`), ...itemRows(property, `${name}[].`)];
  });
}

/** The keys of a list's entries, where they are groups of settings. */
function itemRows({ items }: JsonSchema, prefix: string): readonly (readonly string[])[] {
  const groups = (items?.anyOf ?? (items ? [items] : [])).filter(({ properties }) => properties);
  return groups.flatMap((group) => rowsOf(group, prefix));
}

function absenceText(property: JsonSchema, isRequired: boolean): string {
  if (isRequired) return '**required**';
  if (property.default === undefined) return '—';
  return typeof property.default === 'object' ? 'none' : `\`${property.default}\``;
}

const WORDS: { readonly [type: string]: string } = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
};

function valueText(schema: JsonSchema): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(valueText))].join(' or ');
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? valueText(schema.items) : 'anything'}`;
  if (schema.properties) return 'group';
  if (typeof schema.additionalProperties === 'object') return `map of ${valueText(schema.additionalProperties)}`;
  return WORDS[schema.type ?? ''] ?? 'anything';
}

function environmentTable(): string {
  const rows = DOCUMENTED_VARIABLES.map(({ name, isSecret, description, example, otherwise }) => [
    `\`${name}\`${isSecret ? ' (`_FILE`)' : ''}`,
    `\`${example}\``,
    otherwise,
    description,
  ]);
  return markdownTable(['Variable', 'Example', 'Default', 'Meaning'], rows);
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
