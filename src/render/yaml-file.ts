/** Reads a YAML file an editor wrote: every problem at once, each with file:line:column. */
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { GazetteError, type Problem } from '../domain/errors.js';

/** The checked content of a YAML text. Throws `theme.invalid` naming every place that is wrong. */
export function dataFromYaml<Schema extends z.ZodType>(schema: Schema, text: string, shown: string): z.output<Schema> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeAt = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${shown}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw invalid(document.errors.map((error) => ({ where: placeAt(error.pos[0]), message: error.message })));
  }
  const result = schema.safeParse(document.toJS({ maxAliasCount: 50 }) ?? {});
  if (result.success) return result.data;
  throw invalid(
    result.error.issues.map(deepest).map((issue) => ({
      where: placeAt(offsetOf(document, issue.path)),
      message: `${issue.path.join('.') || 'the file'}: ${issue.message}`,
    })),
  );
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Of a choice between shapes, the complaint of the shape that came furthest. */
function deepest(issue: z.core.$ZodIssue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.flat().map(deepest);
  const furthest = inner.reduce<Issue>((best, one) => (one.path.length >= best.path.length ? one : best), {
    path: [],
    message: issue.message,
  });
  return { path: [...issue.path, ...furthest.path], message: furthest.message };
}

function invalid(problems: readonly Problem[]): GazetteError {
  const [first] = problems;
  return new GazetteError('theme.invalid', first?.message ?? 'The file cannot be read.', {
    ...(first === undefined ? {} : { where: first.where }),
    problems,
    hint: 'Fix the file at the place named.',
  });
}

/** Where a path of keys is in the file, or the nearest key above it. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    const range = (node as { range?: readonly number[] } | undefined)?.range;
    if (range?.[0] !== undefined) return range[0];
  }
  return 0;
}
