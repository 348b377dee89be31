/** Header-like fields, as messages, delivery reports and abuse reports have them (RFC 5322 §2.2, RFC 3464 §2.1). */

/** A group of fields; names in lower case, each with its values in order, unfolded. */
export type Fields = ReadonlyMap<string, readonly string[]>;

/** No report has as many; what comes behind is not read. */
const MOST_LINES = 5000;
const LONGEST_VALUE = 4000;

/** Whether a field begins a group of its own, where programs leave out the blank line. */
type IsNext = (name: string, group: Fields) => boolean;

/** The groups of fields of a text: a blank line ends a group, a line that begins with white space goes on. */
export function fieldGroups(text: string, isNext: IsNext = () => false): readonly Fields[] {
  const groups: Map<string, string[]>[] = [];
  let group: Map<string, string[]> | undefined;
  let last: string[] | undefined;
  for (const line of text.split('\n', MOST_LINES)) {
    if (line.trim() === '') {
      group = undefined;
      last = undefined;
      continue;
    }
    if (/^[ \t]/.test(line)) {
      unfold(last, line);
      continue;
    }
    const [, name, value = ''] = /^([!-9;-~]{1,80})[ \t]{0,8}:(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    if (!group || isNext(name.toLowerCase(), group)) {
      group = new Map();
      groups.push(group);
    }
    last = group.get(name.toLowerCase()) ?? [];
    last.push(value.trim().slice(0, LONGEST_VALUE));
    group.set(name.toLowerCase(), last);
  }
  return groups;
}

function unfold(values: string[] | undefined, line: string): void {
  const value = values?.pop();
  if (value !== undefined) values?.push(`${value} ${line.trim()}`.slice(0, LONGEST_VALUE));
}

/** The first value of a field that is not blank; empty when there is none. */
export function fieldIn(fields: Fields | undefined, name: string): string {
  return fields?.get(name)?.find((value) => value !== '') ?? '';
}
