/** What an editor should know about a mail before it leaves: what is wrong, where, and what to do about it. */

/** `error`: readers are harmed or lose something · `warning`: should be looked at · `note`: intended, but worth knowing. */
export type FindingLevel = 'error' | 'warning' | 'note';

/** Every kind of finding. Codes never change once released. */
export const FINDING_LEVELS = {
  'link.relative': 'error',
  'link.braces': 'error',
  'link.empty-text': 'error',
  'link.bare-text': 'warning',
  'link.shortener': 'warning',
  'link.private': 'error',
  'link.dropped': 'warning',
  'link.broken': 'error',
  'link.unreachable': 'warning',
  'link.moved': 'warning',
  'image.source': 'error',
  'image.insecure': 'warning',
  'image.no-alt': 'error',
  'image.empty-alt': 'warning',
  'image.unsized': 'warning',
  'image.too-wide': 'error',
  'image.format': 'warning',
  'image.broken': 'error',
  'image.unreachable': 'warning',
  'image.heavy': 'warning',
  'image.too-heavy': 'error',
  'heading.first': 'error',
  'heading.jump': 'warning',
  'language.missing': 'error',
  'theme.contrast': 'warning',
  'theme.invalid': 'error',
  'theme.unshared': 'note',
  'theme.spliced': 'error',
  'style.too-long': 'error',
  'style.nested': 'warning',
  'size.clip': 'error',
  'size.shortened': 'warning',
  'preheader.empty': 'warning',
  'preheader.long': 'warning',
  'subject.empty': 'error',
  'subject.long': 'warning',
  'subject.reply': 'error',
  'subject.control': 'error',
  'subject.shouting': 'warning',
  'subject.emoji': 'warning',
  'sender.name': 'warning',
  'sender.free-mail': 'warning',
  'text.empty': 'error',
  'text.missing-post': 'error',
  'text.missing-link': 'error',
  'unsubscribe.missing': 'error',
  'address.missing': 'error',
  'header.missing': 'error',
  'header.repeated': 'error',
  'header.one-click': 'error',
  'header.recipient': 'error',
  'header.invalid': 'error',
  'header.line-length': 'error',
  'arrangement.unknown': 'warning',
  'arrangement.stray': 'warning',
  'post.broken': 'warning',
  'post.clash': 'error',
  'post.expired': 'note',
  'post.other': 'warning',
  'source.undated': 'note',
  'source.format': 'warning',
  'source.reading': 'warning',
  'source.failed': 'warning',
  'source.suspicious': 'warning',
} as const satisfies { readonly [code: string]: FindingLevel };

export type FindingCode = keyof typeof FINDING_LEVELS;

export interface Finding {
  readonly level: FindingLevel;
  readonly code: FindingCode;
  /** What is wrong, as a sentence. */
  readonly message: string;
  /** The file an editor opens: of a post, a template or a newsletter, with line and column where they are known. */
  readonly where: string;
  /** What to do, as a sentence. */
  readonly fix: string;
  /** The id of the post it is about. */
  readonly post?: string;
  /** The editions it is in, when not in all of them. */
  readonly editions?: readonly string[];
}

/** A finding of a kind; its level is the catalogue's. */
export function findingOf(code: FindingCode, details: Omit<Finding, 'code' | 'level' | 'editions'>): Finding {
  return { level: FINDING_LEVELS[code], code, ...details };
}

const LEVELS: readonly FindingLevel[] = ['error', 'warning', 'note'];

/** Whether any of them is as bad as this, or worse. */
export function hasFindingsAt(findings: readonly Finding[], level: FindingLevel): boolean {
  return findings.some((finding) => LEVELS.indexOf(finding.level) <= LEVELS.indexOf(level));
}

/** Errors first, then warnings, then notes; else as they were found. */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return LEVELS.flatMap((level) => findings.filter((finding) => finding.level === level));
}

/** Findings of several editions as one list: equal ones are listed once, with their editions unless they are in all. */
export function mergedFindings(
  editions: readonly { readonly name: string; readonly findings: readonly Finding[] }[],
): readonly Finding[] {
  const merged = new Map<string, { readonly finding: Finding; readonly names: string[] }>();
  for (const { name, findings } of editions) {
    for (const finding of findings) {
      const key = JSON.stringify([finding.code, finding.where, finding.message]);
      const known = merged.get(key);
      if (!known) merged.set(key, { finding, names: [name] });
      else if (!known.names.includes(name)) known.names.push(name);
    }
  }
  return [...merged.values()].map(({ finding, names }) =>
    names.length === editions.length ? finding : { ...finding, editions: names },
  );
}
