/** A YAML file of a theme or of messages as checked data. */
import type { z } from 'zod';
import { GazetteError, type Problem } from '../domain/errors.js';
import { checkSettings } from '../written/check-settings.js';
import { readYamlText } from '../written/read-yaml.js';

/** The checked content of a YAML text. Throws `theme.invalid` naming every place that is wrong. @param shown the file as people should see it */
export function dataFromYaml<Schema extends z.ZodType>(schema: Schema, text: string, shown: string): z.output<Schema> {
  const read = readYamlText(text, shown);
  if (read.problems.length > 0) throw invalid(read.problems);
  const checked = checkSettings(schema, read, read.value ?? {});
  if (checked.kind === 'right') return checked.settings;
  throw invalid(checked.problems);
}

function invalid(problems: readonly Problem[]): GazetteError {
  const [first] = problems;
  return new GazetteError('theme.invalid', first?.message ?? 'The file cannot be read.', {
    ...(first && { where: first.where }),
    problems,
    hint: 'Fix the file at the place named.',
  });
}
