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
  'image.dropped': 'warning',
  'image.unsized': 'warning',
  'image.too-wide': 'error',
  'image.format': 'warning',
  'image.broken': 'error',
  'image.unpublished': 'warning',
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
  'newsletter.renamed': 'warning',
  'arrangement.unknown': 'warning',
  'arrangement.stray': 'warning',
  'post.broken': 'warning',
  'post.clash': 'error',
  'post.expired': 'note',
  'post.other': 'warning',
  'category.unmatched': 'warning',
  'post.key': 'warning',
  'post.part-dropped': 'note',
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
  /** Some of the editions it is in, when not in all of them. */
  readonly editions?: readonly string[];
  /** In how many editions it is, when not in all of them. */
  readonly editionCount?: number;
}

/** A finding of a kind; its level is the catalogue's. */
export function findingOf(
  code: FindingCode,
  details: Omit<Finding, 'code' | 'level' | 'editions' | 'editionCount'>,
): Finding {
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

/** Most examples of editions that a finding names. */
export const MOST_EXAMPLES = 3;

/** Findings of several editions as one list: equal ones are listed once, with how many editions they are in and a few of these. */
export function openMergedFindings() {
  const merged = new Map<string, { readonly finding: Finding; count: number; readonly names: string[] }>();
  const keys = new WeakMap<Finding, string>();
  let total = 0;

  function keyOf(finding: Finding): string {
    const key = keys.get(finding) ?? JSON.stringify([finding.code, finding.where, finding.message]);
    keys.set(finding, key);
    return key;
  }

  return {
    /** @param findings of one edition */
    add(name: string, findings: readonly Finding[]): void {
      total += 1;
      for (const [key, finding] of new Map(findings.map((each) => [keyOf(each), each]))) {
        const known = merged.get(key) ?? { finding, count: 0, names: [] };
        merged.set(key, known);
        known.count += 1;
        if (known.names.length < MOST_EXAMPLES) known.names.push(name);
      }
    },
    findings: (): readonly Finding[] =>
      [...merged.values()].map(({ finding, count, names }) =>
        count === total ? finding : { ...finding, editions: names, editionCount: count },
      ),
  };
}
