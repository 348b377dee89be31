/**
 * How texts that are no part of a post's story begin: notices about the post, picture credits, the titles of tables of contents. In the
 * languages of the message catalogues and their neighbours. Pure.
 */

/** Letters and digits only, in lower case: the form in which two texts are compared. */
export function comparable(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const CONTENTS_TITLES: ReadonlySet<string> = new Set(
  [
    'contents,table of contents,toc,on this page,in this post,in this article,in this issue,what s inside,overview of contents',
    'outline,jump to,quick links,inhalt,inhaltsverzeichnis,auf dieser seite,in diesem beitrag,sommaire,table des matières',
    'au sommaire,contenido,contenidos,índice,tabla de contenidos,en este artículo,sommario,indice,índice de conteúdos,inhoud',
    'inhoudsopgave,spis treści,содержание,оглавление,зміст,目次,目录,目錄,内容目录,차례,목차,المحتويات,فهرس المحتويات,תוכן העניינים',
  ].flatMap((line) => line.split(',')),
);
/** A place where a site puts its table of contents. */
const CONTENTS_MARK = /^(?:\[\[?_?toc_?\]?\]|\{:?toc\}|\$\{toc\}|toc)$/i;

export function isContentsTitle(text: string): boolean {
  return text.length <= 60 && CONTENTS_TITLES.has(comparable(text));
}

/** A mark in the place of which a site puts its table of contents. */
export function isContentsMark(text: string): boolean {
  return CONTENTS_MARK.test(text.trim());
}

const SHORT = 160;
const CREDIT =
  /^(?:(?:featured|cover|header|hero|banner|title|lead) )?(?:photo(?:graph)?s?|images?|pictures?|illustrations?|artwork|graphics?|cover|header|banner|screenshots?|foto|bild|titelbild|beitragsbild|abbildung|grafik|photographie|imagen|imagem|immagine|afbeelding)(?: (?:image|photo|picture|art|illustration|credits?|source|courtesy))?\s?(?::|©|(?:by|from|via|courtesy|credits?|von|aus|par|de|por|di|door) )/i;
const CREDIT_LINE =
  /^(?:(?:credits?|sources?|quelle|bildquelle|bildnachweis|fotonachweis|fuente|fonte|bron|crédits?(?: photo)?)\s?:|©|\(c\) )/i;
const PICTURE_SITE = /\b(?:on|via|from) (?:unsplash|pexels|pixabay|flickr|wikimedia commons)\)?\.?$/i;

/** Who made a picture. */
export function isCredit(text: string): boolean {
  const said = unbracketed(text);
  if (said.length > SHORT) return false;
  const last = said.split(/[.!?] /).at(-1) ?? '';
  return CREDIT.test(said) || CREDIT_LINE.test(last) || PICTURE_SITE.test(said);
}

/** An update comes in a paragraph of any length; what it begins with, a bracket left out. */
const UPDATE =
  /^(?:minor |important |big |late |quick )?(?:updated?|upd|edit|edited|addendum|erratum|correction|aktualisierung|aktualisiert|nachtrag|korrektur|mise à jour|màj|actualización|actualizado|aggiornamento|atualização|bijgewerkt|обновление)\s?#?\d?\d?(?:\s?[:([—–-]|, ?\d)/i;

/** About the post and not of it, in a short paragraph: how it begins, and what else it says where that is not enough. */
const NOTICES: readonly { readonly begins: RegExp; readonly says?: RegExp }[] = [
  {
    begins:
      /^(?:last (?:updated|modified|edited|reviewed)|updated on|zuletzt (?:aktualisiert|geändert)|dernière mise à jour|última actualización)(?!\p{L})/iu,
  },
  {
    begins:
      /^(?:note: |editor['’]s note: )?(?:this|the following) (?:blog )?(?:post|article|entry|essay|story|piece|tutorial|interview|talk|column) (?:is|was|has been|first|originally|also|appeared|appears)\b/i,
    says: /\b(?:originally|cross-?posted|(?:first|also) (?:posted|published|appeared)|appear(?:ed|s) (?:first|on|in|at)|updated|translated|excerpted|adapted|syndicated|archived|available in|part (?:of (?:a|an|the|our|my)|\d+|one|two|three|four|five|six)|(?:first|second|third|fourth|fifth|sixth|last|final) (?:in|of|part))\b/i,
  },
  {
    begins:
      /^this is (?:part (?:\d|one|two|three|four|five|six)|the (?:first|second|third|fourth|fifth|sixth|last|final|\d\d?(?:st|nd|rd|th)) (?:part |post |article |instal?lment )?(?:in|of)|an? (?:cross-?post|repost|translation|guest post|excerpt))\b/i,
  },
  {
    begins: /^(?:dieser?|der folgende) (?:beitrag|artikel|text|post) (?:ist|erschien|wurde)(?!\p{L})/iu,
    says: /zuerst|ursprünglich|teil |aktualisiert|veröffentlicht/i,
  },
  { begins: /^(?:cet article|ce billet) /i, says: /paru|publié|mis à jour/i },
  { begins: /^este (?:artículo|post|texto) /i, says: /public|actualiz|apareci/i },
  {
    begins:
      /^(?:(?:originally|first|also|previously) (?:posted|published|appeared|written)|cross-?posted|reposted|republished|syndicated|zuerst erschienen|ursprünglich erschienen)(?!\p{L})/iu,
  },
  {
    begins: /^(?:translations?|übersetzungen|traductions?|other languages|also available in|versión en)(?!\p{L})/iu,
    says: /:| in | for /i,
  },
  {
    begins:
      /^(?:full |affiliate )?(?:disclaimer|disclosure|editor['’]s note|housekeeping|spoiler warning|content warning|hinweis der redaktion|anmerkung der redaktion|transparenzhinweis)\s?:/i,
  },
  { begins: /^(?:posted|published|written|authored|reviewed|edited|translated) (?:by|on) /i },
  { begins: /^(?:[Bb]y|[Vv]on|[Pp]ar) \p{Lu}/u, says: /[^.!?:]$/ },
  { begins: /^Read (?:this|it) in \p{Lu}/u },
  {
    begins:
      /^(?:authors?|date|published|posted|tags?|categor(?:y|ies)|filed under|(?:estimated )?read(?:ing)? time|autor(?:in)?|datum|lesezeit|schlagwörter|kategorien?)\s?:/i,
  },
  { begins: /^(?:\d{4}-\d\d-\d\d|\p{Lu}\p{Ll}+ \d\d?,? \d{4}|\d\d?\.? \p{Lu}\p{Ll}+ \d{4})(?:$|\s?[·|•–—-])/u },
  { begins: /^\d\d?\d?[ -]min(?:ute)?s? (?:read|lesezeit|de lecture)\b/i },
  {
    begins:
      /^(?:subscribe to|sign up (?:for|to)|follow (?:us|me) on|join (?:us|me) on|listen to this|download (?:this|the) (?:post|article|pdf)|share this|skip to|jump to|abonnieren sie)\b/i,
  },
];

/** Whether a paragraph is about the post and not of it: where it first appeared, who wrote it and when. */
export function isAboutPost(text: string): boolean {
  const said = text
    .trim()
    .replace(/^[([]\s?/, '')
    .replace(/\s+/g, ' ');
  if (UPDATE.test(said)) return true;
  return (
    said.length <= 2 * SHORT && NOTICES.some(({ begins, says }) => begins.test(said) && (says?.test(said) ?? true))
  );
}

/** Whether a paragraph tells what was changed after the post appeared. */
export function isUpdate(text: string): boolean {
  return UPDATE.test(unbracketed(text));
}

function unbracketed(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[([] ?/, '');
}
