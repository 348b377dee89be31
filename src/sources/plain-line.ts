/** Most titles and summaries have no markup at all: those need no parser, which would take longer than everything else of a head. */

/** What means something to Markdown, HTML or a link somewhere in a line, and blanks that they would change. */
const MARKUP = /[\\`*_{}[\]<>&~|@^$]|[^\S ]| {2}|:\S|www\.|^\s|\s$/iu;
/** The beginning of a line that begins no block: a list, heading, quote, rule or footnote. */
const START = /^(?!\d+[.)](?:\s|$))[\p{L}\p{N}"'“”‘’„«»¿¡(]/u;

/** Whether a parser would make one piece of text of it, equal to the line. */
export function isPlainLine(line: string): boolean {
  return START.test(line) && !MARKUP.test(line);
}
