/** Every problem of what an editor set, as one error. */
import { GazetteError, type Problem } from '../domain/errors.js';

/** File by file as they were read, and down each file. @param found at least one */
export function invalidSettings(found: readonly Problem[]): GazetteError {
  const problems = inOrder(found);
  const [first] = problems;
  const message = problems.length === 1 ? first?.message : `There are ${problems.length} problems in the settings.`;
  return new GazetteError('config.invalid', message ?? '', { problems, ...(first && { where: first.where }) });
}

function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const files = new Map<string, { readonly problem: Problem; readonly line: number; readonly column: number }[]>();
  for (const problem of problems) {
    const [, file = problem.where, line, column] = /^(.*):(\d+):(\d+)$/.exec(problem.where) ?? [];
    files.set(file, [...(files.get(file) ?? []), { problem, line: Number(line), column: Number(column) }]);
  }
  return [...files.values()].flatMap((placed) =>
    placed.sort((a, b) => a.line - b.line || a.column - b.column).map(({ problem }) => problem),
  );
}
