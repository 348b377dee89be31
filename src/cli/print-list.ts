/** Prints a list of any length without holding it in memory: one line per item, or one JSON object with `--json`. */
import type { CommandContext } from './context.js';

export async function printList<Item>(
  { io, isJson }: Pick<CommandContext, 'io' | 'isJson'>,
  name: string,
  items: AsyncIterable<Item>,
  print: { json(item: Item): object; text(item: Item): string },
): Promise<void> {
  if (!isJson()) {
    for await (const item of items) io.out(`${print.text(item)}\n`);
    return;
  }
  io.out(`{${JSON.stringify(name)}:[`);
  let separator = '';
  for await (const item of items) {
    io.out(`${separator}${JSON.stringify(print.json(item))}`);
    separator = ',';
  }
  io.out(']}\n');
}
