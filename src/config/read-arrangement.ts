/** One file of content/issues, checked by itself and against its newsletter. */
import type { Arrangement } from '../domain/arrangement.js';
import type { Newsletter } from '../domain/newsletter.js';
import { checkSettings, pathText } from '../written/check-settings.js';
import { readYaml, type SettingPath } from '../written/read-yaml.js';
import { arrangementContradictions, arrangementFrom, arrangementSettings } from './arrangement-settings.js';
import { invalidSettings } from './invalid-settings.js';

export interface ReadArrangement {
  readonly arrangement: Arrangement;
  whereOf(post: string): string;
}

/** Reads one file. Throws `config.invalid` with every problem in it. @param file as people should see it */
export function readArrangement(bytes: Uint8Array, file: string, newsletter: Newsletter): ReadArrangement {
  const text = readYaml(bytes, file);
  if (text.problems.length > 0) throw invalidSettings(text.problems);
  const checked = checkSettings(arrangementSettings, text, text.value ?? {});
  if (checked.kind === 'wrong') throw invalidSettings(checked.problems);
  const { settings } = checked;
  const problems = arrangementContradictions(settings, newsletter).map(({ path, message }) => ({
    where: text.whereOf(path),
    message: `${pathText(path)}: ${message}`,
  }));
  if (problems.length > 0) throw invalidSettings(problems);
  const lists = ['pinned', 'order', 'leftOut', 'broughtIn'] as const;
  const whereOf = (post: string) => {
    const paths = lists.flatMap((list): SettingPath[] => {
      const index = settings[list].indexOf(post);
      return index < 0 ? [] : [[list, index]];
    });
    return paths[0] ? text.whereOf(paths[0]) : text.whereOfKey(['sections', post]);
  };
  return { arrangement: arrangementFrom(settings, newsletter), whereOf };
}
