/** Checks a settings file against its schema: all problems at once, each with its file:line, in plain English. */
import type { z } from 'zod';
import type { Problem } from '../domain/errors.js';
import { didYouMean } from './closest-name.js';
import type { SettingPath, SettingsText } from './read-yaml.js';

export type Checked<Settings> =
  | { readonly kind: 'right'; readonly settings: Settings }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] };

/** Checks a part of a settings file. @param base where in the file the value is */
export function checkSettings<Schema extends z.ZodType>(
  schema: Schema,
  text: SettingsText,
  value: unknown,
  base: SettingPath = [],
): Checked<z.output<Schema>> {
  const result = schema.safeParse(value);
  if (result.success) return { kind: 'right', settings: result.data };
  const findings = result.error.issues.flatMap((issue) => findingsOf(issue, [], { schema, value }));
  const problems = findings.map(({ path, isKey, message }) => {
    const whole = [...base, ...path];
    const where = isKey ? text.whereOfKey(whole) : text.whereOf(whole);
    return { where, message: whole.length === 0 ? message : `${pathText(whole)}: ${message}` };
  });
  return { kind: 'wrong', problems };
}

/** `categories[2].title`, with lists counted from 1. */
export function pathText(path: SettingPath): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step + 1}]` : index === 0 ? step : `.${step}`))
    .join('');
}

interface Finding {
  readonly path: SettingPath;
  /** Whether the key is wrong, not its value. */
  readonly isKey: boolean;
  readonly message: string;
}

interface Subject {
  readonly schema: z.ZodType;
  readonly value: unknown;
}

function findingsOf(issue: z.core.$ZodIssue, before: SettingPath, subject: Subject): readonly Finding[] {
  const path = [...before, ...(issue.path as SettingPath)];
  const value = valueAt(subject.value, path);
  const at = (message: string): readonly Finding[] => [{ path, isKey: false, message }];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(subject.schema, path);
      return issue.keys.map((key) => ({
        path: [...path, key],
        isKey: true,
        message: `There is no such setting.${didYouMean(key, known)}`,
      }));
    }
    case 'invalid_union':
      return unionFindings(issue, path, subject) ?? at(absence(value) ?? ownMessage(issue) ?? anyKindOf(issue));
    case 'invalid_type':
      return at(absence(value) ?? ownMessage(issue) ?? wrongType(issue.expected, value));
    case 'invalid_value': {
      const values = issue.values.map(String);
      const meant = typeof value === 'string' ? didYouMean(value, values) : '';
      return at(absence(value) ?? `Must be ${values.length > 1 ? 'one of ' : ''}${values.join(', ')}.${meant}`);
    }
    case 'too_small':
      return at(sizeMessage('least', issue.minimum, issue.origin));
    case 'too_big':
      return at(sizeMessage('most', issue.maximum, issue.origin));
    case 'invalid_key':
      return [
        { path, isKey: true, message: issue.issues.map(ownMessage).find((own) => own) ?? 'Is no name for a key here.' },
      ];
    case 'not_multiple_of':
      return at(`Must be a multiple of ${issue.divisor}.`);
    case 'invalid_format':
      return at(ownMessage(issue) ?? FORMATS[issue.format] ?? 'Is not written in the way that is read here.');
    default:
      return at(ownMessage(issue) ?? 'Cannot be used here.');
  }
}

const FORMATS: { readonly [format: string]: string } = {
  url: 'Must be an address such as https://example.org/.',
  email: 'Must be an address such as name@example.org.',
  datetime: 'Must be a moment such as 2026-06-01T08:00:00Z.',
  date: 'Must be a day such as 2026-06-01.',
};

/** The findings of the one branch whose kind of value was written; `undefined` when none or several come near. */
function unionFindings(
  issue: Extract<z.core.$ZodIssue, { code: 'invalid_union' }>,
  path: SettingPath,
  subject: Subject,
): readonly Finding[] | undefined {
  const near = issue.errors.filter((errors) => !errors.some((each) => each.path.length === 0 && isKindProblem(each)));
  const [only] = near;
  if (near.length !== 1 || only === undefined) return undefined;
  return only.flatMap((each) => findingsOf(each, path, subject));
}

/** The message, if it is ours and not the library's. */
function ownMessage({ message }: z.core.$ZodIssue): string | undefined {
  return /^(?:Invalid|Too (?:small|big)|Unrecognized)\b/.test(message) ? undefined : message;
}

/** For a value that is of none of the kinds there is a choice of. */
function anyKindOf({ errors }: Extract<z.core.$ZodIssue, { code: 'invalid_union' }>): string {
  const kinds = errors
    .flat()
    .flatMap((each) => (each.code === 'invalid_type' && each.path.length === 0 ? [each.expected] : []));
  const names = [...new Set(kinds.map((kind) => KINDS[kind] ?? kind))];
  return names.length === 0 ? 'Cannot be used here.' : `Must be ${names.join(' or ')}.`;
}

function isKindProblem({ code }: z.core.$ZodIssue): boolean {
  return code === 'invalid_type';
}

function absence(value: unknown): string | undefined {
  if (value === undefined) return 'Is missing.';
  return value === null ? 'Is empty.' : undefined;
}

const KINDS: { readonly [expected: string]: string } = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of settings',
  record: 'a group of settings',
  nan: 'a number',
  date: 'a date',
  null: 'empty',
};

function wrongType(expected: string, value: unknown): string {
  if (expected === 'string' && ['number', 'boolean'].includes(typeof value))
    return `Must be text; put it in quotes: "${String(value)}".`;
  const example = expected === 'array' && typeof value === 'string' ? `: [${value}]` : '';
  return `Must be ${KINDS[expected] ?? expected}${example}.`;
}

function sizeMessage(end: 'least' | 'most', limit: number | bigint, origin: string): string {
  if (origin === 'string' && end === 'least') return 'Is empty.';
  const unit = origin === 'string' ? ' characters long' : origin === 'array' ? ' in number' : '';
  return `Must be at ${end} ${limit}${unit}.`;
}

function valueAt(value: unknown, path: SettingPath): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as { readonly [key: string]: unknown })[step];
  }
  return found;
}

/** The names a schema knows at a path, found by what a reader of the schema would do: following it step by step. */
function knownKeys(schema: z.ZodType, path: SettingPath): readonly string[] {
  let reached: readonly z.core.$ZodType[] = unwrapped(schema);
  for (const step of path) reached = reached.flatMap((each) => stepInto(each, step)).flatMap(unwrapped);
  return reached.flatMap((each) => ('shape' in each ? Object.keys(each.shape as object) : []));
}

function stepInto(schema: z.core.$ZodType, step: string | number): readonly z.core.$ZodType[] {
  const { def } = schema._zod as unknown as { readonly def: SchemaDef };
  if (def.type === 'array' && def.element) return [def.element];
  if (def.type === 'record' && def.valueType) return [def.valueType];
  const child = def.shape?.[step];
  return child ? [child] : [];
}

/** The schemas a value meets: through optional, default, union and pipe. */
function unwrapped(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const { def } = schema._zod as unknown as { readonly def: SchemaDef };
  if (def.options) return def.options.flatMap(unwrapped);
  const inner = def.innerType ?? def.in ?? def.getter?.();
  return inner ? unwrapped(inner) : [schema];
}

interface SchemaDef {
  readonly type: string;
  readonly options?: readonly z.core.$ZodType[];
  readonly innerType?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  /** Of a schema that refers to itself. */
  readonly getter?: () => z.core.$ZodType;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly shape?: { readonly [key: string]: z.core.$ZodType };
}
