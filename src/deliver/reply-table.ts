/**
 * What servers mean by their refusals: one table for SMTP replies and bounces, matched by code, enhanced code and text.
 * The first row that matches decides.
 */
import type { ReplyMeaning, ReplyPhase, ReplyScope } from '../domain/reply.js';

export interface ReplyRow {
  readonly phase?: readonly ReplyPhase[];
  /** Matches the basic code as text. */
  readonly code?: RegExp;
  /** Matches subject and detail of the enhanced code: `1.1` of `5.1.1`. */
  readonly enhanced?: RegExp;
  /** True for replies that carry no enhanced code at all. */
  readonly bare?: true;
  /**
   * Matches the text: `words` and `also` must match, `unless` must not. Servers choose the text, so a pattern here is a
   * list of phrases, without nested repetition.
   */
  readonly words?: RegExp;
  readonly also?: RegExp;
  readonly unless?: RegExp;
  readonly scope: ReplyScope;
  readonly meaning: ReplyMeaning;
  /** Of a recipient's permanent refusal; soft when absent. */
  readonly bounce?: 'hard' | 'soft' | 'none';
  /** What the operator can do about it. */
  readonly advice?: string;
  /** The basic code alone decides: the reply says no more than that it refuses. */
  readonly isGuess?: true;
  /** The standard, or the systems that reply like this. */
  readonly source: string;
}

/** Phases in which the server knows the recipient. */
const WITH_RECIPIENT: readonly ReplyPhase[] = ['rcpt', 'data', 'dot', 'bounce'];

/** A quota of what is sent, not of what a mailbox holds. */
const SENDING_QUOTA =
  /\bsend(ing|er)?('s)? (limit|quota|rate)|\b(outgoing|outbound|daily|hourly|monthly)\b|submission|\bper[ -](second|minute|hour|day|month|session|connection)\b|\b(messages?|e?-?mails?)[ -](rate|limit|quota|count|volume)|relay (limit|quota)|messages sent|messaging limit|policy rejection/i;
/** A place where mail is stored. */
const MAILBOX = /\bmail ?box|\binbox|\bmaildir|\bmail ?folder|\bmail ?drop|\bstorage\b|disk (space|quota)/i;
const IS_FULL =
  /\bfull\b|quota|exceed|insufficient|exhausted|out of (disk|space|storage)|not enough|no (more )?(space|room)/i;
/** The recipient, or an address. */
const RECIPIENT =
  /\b(user|recipient|customer)('s)?\b|account that you tried|\baccount (is|has)\b|<[^<>@ ]{1,64}@|[\w+-]@\w/i;
const RATE = /\brate\b|rate-?limit|throttl|too many|too much|too fast|too frequent|frequency/i;
const SIZE =
  /\b(message|mail|header|line|attachment)s? (is )?(size|length|too (large|big|long))|\bsize (limit|exceeds)|exceeds .{0,30}\bsize|larger than|too (large|big|long)|\bheaders?\b|\bhops?\b|mime|attachment|line length/i;
/** Too many of something other than messages and connections. */
const OTHER_COUNTS =
  /too many ((\w+ )?(errors|hops|commands|lookups|failures)|(unknown|invalid|bad|non-?existent) )|\bhop count|\bloop/i;
/** How much one mailbox may receive, from all senders. */
const RECEIVING =
  /\breceiving\b|(to|for) (this|that|the same) (user|recipient|mailbox|address|account)|you are trying to contact|message receive limit|recipient thread limit/i;
const UNKNOWN_MAILBOX =
  /\b(user|mailbox|recipient|address|account)\b.{0,60}\b(unknown|not known|not found|does(n't| not) exist|no longer|invalid|disabled)|\b(unknown|no such|invalid) (user|mailbox|recipient|address|account)|not a valid (user|mailbox|recipient|address|account)|no mailbox (here )?by that name/i;
const PLAINLY_UNKNOWN =
  /\b(user|mailbox|recipient|address|addressee|account) (is )?(unknown|not known|not found)|\b(unknown|no such) (local )?(user|mailbox|recipient|address|account|person)|\b(user|mailbox|recipient|address|account) does(n't| not) exist|\binvalid recipient|no mailbox (here )?by that name|does(n't| not) have an? \S{1,64} account/i;
const ABOUT_SENDER = /\bsender|\bfrom (address|domain)|return[- ]path|\byour\b|mail from/i;
/** A domain that does not exist, or says that it takes no mail. */
const NO_DOMAIN =
  /host or domain name not found|(unknown|no such|non-?existent|illegal|bad) (destination )?(host|domain)|\b(host|domain)( name)?( part)?( is)? (unknown|not found|invalid|does(n't| not) exist)|\b(domain|host)\b.{0,80}\b(does(n't| not) exist|could(n't| not) be found|cannot be found|not found)|unrout(e|)able (mail )?(domain|address)|couldn't find any host|can't find .{0,60}domain|nxdomain|name or service not known|nonexistentdomain|no route found to domain|cannot resolve (the )?(domain|host)|non-existent hosts|indicated no smtp service|null ?mx|no (mx|mail exchanger)s? (record )?(found|exists?)|does(n't| not) accept (any )?(e-?)?mail|domain inesistente|dominio (inexistente|no existe)|domaine inconnu/i;
/** The same words about a server that could not be asked, or about us. */
const FOR_NOW =
  /try again|timed? ?out|temporar|\bservfail|\bsender|\bhelo\b|\behlo\b|reverse|\bptr\b|your (domain|host|server|ip)|from (address|domain)|relay|greylist|refused to talk/i;
/** What programs say in a bounce of a mailbox that is not there, in the languages they speak. */
const NO_SUCH_READER =
  /\b(no such|unknown|invalid|non-?existent|undefined|unrecogni[sz]ed) (local |virtual |e-?mail )?(user|mailbox|recipient|address|addressee|account|person|local ?part|username|customer|alias)\b|\b(user|mailbox|recipient|address|addressee|account|username|customer|subscriber|alias)s?('s)?( name| e-?mail( address)?)?( is| was| are| has been)? (unknown|unrecogni[sz]ed|not known|not ?found|not exist|non-?existent|invalid|not valid|not present|not registered|deleted|not a valid)\b|\b(user|mailbox|recipient|address|account|inbox)\b.{0,80}\b(does(n't| not) (seem to )?exist|no longer (exists|valid|in use|works?|active|available|here|with us|on (our|this))|could(n't| not) be found|was(n't| not) found|cannot be found|not listed in|is(n't| not) (listed|known|registered))|\b(is not|isn't|not) a (known|valid|registered|local) (user|mailbox|recipient|address|account|customer)|userunknown|unknownuser|recip(ient)?notfound|recipient ?not ?found|adr\.(recip|invalid|addr)|does(n't| not) have an? .{1,64} account|no mail ?box (here|found|available|by)|no account by that name|couldn't be found|email address (you entered )?(could not|couldn't|cannot) be found|mailaddress does not exist|(user|recipient|address) (has |is )?(moved|left)\b|no longer (on server|employed)|badrcptto|bad address|unknown to (the )?(address|system)|utilisateur (inconnu|n'existe)|destinataire inconnu|unbekannte(r|s)? (benutzer|empf|adresse)|empf.{1,8}ger .{0,40}(unbekannt|existiert nicht)|usuario (desconocido|inexistente|no existe)|no existe (ese|el|la|tal)|(casilla|buz.{1,3}n|cuenta) (inexistente|no existe)|utente (sconosciuto|inesistente|non trovato)|nessun utente|usu.{1,3}rio (desconhecido|inexistente|n.{1,3}o existe)|caixa postal inexistente|ukendt (bruger|modtager)|nie istnieje|uzivatel nenalezen|nepatrici|пользовател[ья] не (найден|существует)|не существует|宛先不明|宛先(が|は)?(見つかり|存在し)|ユーザ.{0,12}(存在し|いませ|見つかり)|存在しない|(メールアドレス|アドレス).{0,16}(存在し|見つかり|ありません)|用户不存在|收件人.{0,10}不存在|用户不|사용자.{0,8}(없|존재)/i;
/** A mailbox that is there and shut. */
const SHUT_MAILBOX =
  /\b(disabled|suspended|inactive|deactivated|dormant|expired|locked|blocked for|on hold|discontinued|not active|closed|unable to receive|temporarily|over ?quota|\bquota|mailbox (is )?full)\b/i;
const MAILBOX_OR_USER = /\b(mail ?box|inbox|user|account|recipient|address|subscriber|customer)/i;
const CLOSED_LIST =
  /resolver\.rst|notauthenticatedforgroup|allowed[- ]senders|members[- ]only|only members|closed (list|group)|restricted (list|group|recipient|mailbox|address)|\bto (send|post|write|mail|e-?mail)( \w+)? to (this|that|the) (recipient|group|list|user|mailbox|address|distribution)|(recipient|group|list|mailbox) (only )?accepts? (only )?(mail|messages|e-?mail)/i;
const SEND_AS =
  /send ?as ?denied|\bsend as\b|on behalf of|permissions? to send|outboundspam|bad outbound sender|not (allowed|authori[sz]ed|permitted|entitled|enabled) to (send|use|perform)|unauthori[sz]ed (sender|from|to send)|not owned by|sender (address )?(is )?not (allowed|accepted|valid|permitted|authori[sz]ed)|sender (address )?rejected|unauthenticated sender|sender verify failed|\bnot authori[sz]ed\b/i;
const NOT_VERIFIED =
  /verified sender|sender identity|sender signature|\b(un|not )verified\b|must be verified|identities failed|sandbox|trial account|test purposes only|free accounts|pending approval|not (yet )?(activated|approved)/i;
const OWN_ACCOUNT =
  /\b(your|sending|sender|smtp|outgoing|outbound|authenticated|customer|tenant|this)('s)? (e-?mail )?(account|user|login|subscription|tenant|service|plan|privileges|domain)\b|\bsending (is |has been |was )?(paused|suspended|disabled|blocked)|\btenant\b|\baccountblocked\b|\boutgoing (mail|messages?)\b/i;
const SHUT =
  /suspended|blocked|disabled|deactivated|\blocked\b|banned|restricted|paused|under review|unpaid|expired|exceeded threshold|compromised|hacked/i;
const CREDITS = /\bcredits?\b|\bunpaid\b|\bbilling\b|insufficient (balance|funds)/i;
const LISTED =
  /client host|blocked using|\blisted (at|by|in|on)\b|spamhaus|spamcop|\bdnsbl\b|\brbl\b|black ?list|block ?list|banned sending|your ip\b|\bip (address )?(is |has been |was )?(blocked|listed|banned)|delist|\bptr\b|reverse (dns|host ?name|look-?up)|dynamic ip|traffic not accepted|permanently deferred/i;
const POLICY =
  /spam|block(ed|list)|blacklist|reputation|policy|\bdmarc\b|\bspf\b|\bdkim\b|rejected due|unsolicited|prohibit/i;
/** What a gateway says of a message it has looked into. */
const CONTENT =
  /virus|malware|phish|content (filter|denied|rejected|violat|not (allowed|accepted))|(message|mail|e-?mail) (content )?(was |is |has been )?(rejected|refused|denied|blocked|classified|considered|identified)|attachment|access denied|not authori[sz]ed|forbidden|junk mail|banned|bulk mail|security/i;
const FORMAT =
  /rfc ?-?[25]?[38]22|message-id|encoded-word|duplicate.{0,20}header|header.{0,40}(missing|invalid|malformed|not permitted)|malformed/i;
const RELAY =
  /relay(ing)?\b.{0,30}\b(denied|prohibited|not (permitted|allowed))|unable to relay|not permitted to relay|allowed rcpthosts/i;
const LOGIN =
  /\blog ?(in|on)\b|authentication (is )?(required|needed|attempts)|\bauth required|must (first )?authenticate|not authenticated|too many auth/i;

const ADVICE = {
  login: 'Check user and password in SMTP_URL, then `gazette issue resume`.',
  sendAs: 'Give the login the right to send as the address of the newsletter, or send from its own address.',
  verify: 'Verify the address or domain of the newsletter with the provider, or have the account approved.',
  account: 'Ask the provider why the account is blocked, and have it unblocked.',
  credits: 'Buy credits from the provider, or pay its open invoices.',
  listed: 'Ask the operator of the mail server to have its address taken off the block list.',
  domain: 'Run `gazette doctor`: SPF, DKIM, DMARC or the reverse name of the server is missing or wrong.',
  quota: 'Wait until the quota is reset, raise it, or set GAZETTE_RATE below it.',
  unknown: 'Remove addresses that do not exist from the list, then wait until the server takes mail again.',
  rate: 'Set GAZETTE_RATE to what the provider allows.',
  connections: 'Set pool= in SMTP_URL to fewer connections.',
  session: 'Set maxMessages= in SMTP_URL to the number of messages the server takes on one connection.',
  ehlo: 'If it happens again, set name= in SMTP_URL to the full name of this host.',
} as const;

export const REPLY_TABLE: readonly ReplyRow[] = [
  // What comes back is written by more programs, in more languages, than what servers reply.
  {
    phase: ['bounce'],
    code: /^[45]/,
    words: NO_DOMAIN,
    unless: FOR_NOW,
    scope: 'recipient',
    meaning: 'no-mailbox',
    bounce: 'hard',
    source: 'Postfix, Exim, qmail, Sendmail, Exchange, Domino',
  },
  {
    phase: ['bounce'],
    code: /^5/,
    enhanced: /^4\.(4|310)$/,
    unless: FOR_NOW,
    scope: 'recipient',
    meaning: 'no-mailbox',
    bounce: 'hard',
    source: 'RFC 3463 §3.5 (X.4.4: no route), Office 365 5.4.310',
  },
  {
    phase: ['bounce'],
    code: /^5/,
    enhanced: /^4\.1$/,
    words: /recipient address rejected: access denied/i,
    scope: 'recipient',
    meaning: 'no-mailbox',
    bounce: 'hard',
    source: 'Office 365: not in the directory',
  },
  {
    phase: ['bounce'],
    code: /^5/,
    words: NO_SUCH_READER,
    unless: new RegExp(
      `${SHUT_MAILBOX.source}|spamhaus|spamcop|dnsbl|\\brbl\\b|black ?list|block ?list|blocked using|sender (address|domain)|return[- ]path|mail from|your (ip|host|server|domain|address)|\\bspam|\\bpolicy|reputation|reverse|\\bptr\\b|\\bhelo\\b|loop|too many`,
      'i',
    ),
    scope: 'recipient',
    meaning: 'no-mailbox',
    bounce: 'hard',
    source: 'all of them',
  },
  {
    phase: ['bounce'],
    bare: true,
    code: /^5/,
    words: SHUT_MAILBOX,
    also: MAILBOX_OR_USER,
    unless: /\bspam|\bpolicy|your (account|ip|domain)|sender|relay/i,
    scope: 'recipient',
    meaning: 'mailbox-unavailable',
    source: 'Yahoo, AOL, au, Mail.ru',
  },
  {
    phase: ['bounce'],
    code: /^550$/,
    words: /requested action not taken: ?mailbox unavailable/i,
    unless: /spam|policy|block|reputation/i,
    scope: 'recipient',
    meaning: 'no-mailbox',
    bounce: 'hard',
    source: 'Outlook.com, GMX',
  },
  // Too many unknown recipients is a judgement of the list, not of the last recipient.
  {
    words: /too many (unknown|invalid|bad|non-?existent) |maximum number of (unknown|invalid|bad) /i,
    scope: 'sender',
    meaning: 'policy',
    advice: ADVICE.unknown,
    source: 'MDaemon, Kerio, Exim',
  },
  // The recipient, where code or text is unambiguous. These come first: a full mailbox must not be read as a limit.
  {
    phase: WITH_RECIPIENT,
    enhanced: /^1\.(1|2|3|6|10)$/,
    code: /^5/,
    scope: 'recipient',
    meaning: 'no-mailbox',
    bounce: 'hard',
    source: 'RFC 3463 §3.2, RFC 7505',
  },
  {
    phase: WITH_RECIPIENT,
    bare: true,
    code: /^5/,
    words: PLAINLY_UNKNOWN,
    unless: ABOUT_SENDER,
    scope: 'recipient',
    meaning: 'no-mailbox',
    bounce: 'hard',
    source: 'Exim, Sendmail, docomo, au, SoftBank',
  },
  {
    phase: WITH_RECIPIENT,
    words: RECEIVING,
    also: /limit|rate|too |many|exceed/i,
    unless: new RegExp(`${CLOSED_LIST.source}|\\bsending\\b|outgoing|outbound|submission|relay`, 'i'),
    scope: 'recipient',
    meaning: 'later',
    source: 'Gmail 4.2.1, Office 365 5.2.121, 5.2.122 and 4.3.2 recipient thread limit',
  },
  {
    phase: WITH_RECIPIENT,
    words: /storedrv\.deliver/i,
    also: /quota|full/i,
    scope: 'recipient',
    meaning: 'mailbox-full',
    source: 'Office 365, Exchange',
  },
  {
    phase: WITH_RECIPIENT,
    enhanced: /^2\.2$/,
    unless: SENDING_QUOTA,
    scope: 'recipient',
    meaning: 'mailbox-full',
    source: 'RFC 3463 §3.3',
  },
  {
    phase: WITH_RECIPIENT,
    enhanced: /^2\.1$/,
    unless: /storedrv\.(submission|client)/i,
    scope: 'recipient',
    meaning: 'mailbox-unavailable',
    source: 'RFC 3463 §3.3',
  },
  {
    phase: WITH_RECIPIENT,
    words: MAILBOX,
    also: IS_FULL,
    unless: new RegExp(`${SENDING_QUOTA.source}|${RATE.source}|system storage|size exceeds fixed`, 'i'),
    scope: 'recipient',
    meaning: 'mailbox-full',
    source: 'Yahoo, GMX, iCloud, Dovecot, Exim',
  },
  {
    phase: WITH_RECIPIENT,
    words: RECIPIENT,
    also: /quota|\bis full\b/i,
    unless: new RegExp(`${SENDING_QUOTA.source}|${RATE.source}|\\blimit|credit`, 'i'),
    scope: 'recipient',
    meaning: 'mailbox-full',
    source: 'Postfix, Dovecot, cPanel',
  },
  {
    phase: WITH_RECIPIENT,
    words: /over ?quota/i,
    unless: SENDING_QUOTA,
    scope: 'recipient',
    meaning: 'mailbox-full',
    source: 'qmail, Courier',
  },
  {
    phase: WITH_RECIPIENT,
    bare: true,
    code: /^552$/,
    words:
      /^(requested mail action aborted:? ?)?((exceeded )?storage allocation|quota( is)? exceeded)|exceeded storage/i,
    unless: SENDING_QUOTA,
    scope: 'recipient',
    meaning: 'mailbox-full',
    source: 'RFC 5321 §4.2.3',
  },
  {
    phase: WITH_RECIPIENT,
    code: /^4/,
    words: /gr[ae]y-?list/i,
    scope: 'recipient',
    meaning: 'greylisted',
    source: 'RFC 6647',
  },
  {
    phase: WITH_RECIPIENT,
    words: CLOSED_LIST,
    scope: 'recipient',
    meaning: 'not-wanted',
    bounce: 'none',
    source: 'Exchange RESOLVER.RST, Office 365 5.7.133, Mailman',
  },
  {
    phase: ['rcpt', 'bounce'],
    code: /^5/,
    enhanced: /^7\./,
    words: /recipient address rejected/i,
    unless: new RegExp(`${SENDING_QUOTA.source}|${RATE.source}`, 'i'),
    scope: 'recipient',
    meaning: 'not-wanted',
    bounce: 'none',
    source: 'Postfix',
  },
  // The login. More tries would extend a lock-out.
  {
    code: /^(530|534|535|538|523)$/,
    unless: CREDITS,
    scope: 'configuration',
    meaning: 'stop',
    advice: ADVICE.login,
    source: 'RFC 4954 §6, RFC 3207 §4',
  },
  {
    enhanced: /^7\.(57|139)$/,
    scope: 'configuration',
    meaning: 'stop',
    advice: ADVICE.login,
    source: 'Office 365',
  },
  // The permission to send at all, or as this address.
  {
    words: CREDITS,
    scope: 'sender',
    meaning: 'stop',
    advice: ADVICE.credits,
    source: 'SendGrid',
  },
  {
    words: OWN_ACCOUNT,
    also: SHUT,
    unless: /recipient address rejected/i,
    scope: 'sender',
    meaning: 'stop',
    advice: ADVICE.account,
    source: 'SES, Office 365 5.7.705, OVH, cPanel',
  },
  {
    enhanced: /^2\.252$|^7\.60$|^1\.8$/,
    phase: WITH_RECIPIENT,
    unless: /sender address|sender domain|domain of sender/i,
    scope: 'sender',
    meaning: 'stop',
    advice: ADVICE.sendAs,
    source: 'Office 365',
  },
  {
    words: NOT_VERIFIED,
    unless: /recipient address rejected|unverified address/i,
    scope: 'sender',
    meaning: 'stop',
    advice: ADVICE.verify,
    source: 'SES, SendGrid, Mailgun, Postmark, Brevo, MailerSend',
  },
  {
    words: SEND_AS,
    unless: /recipient address rejected|\brelay|quota|limit|gr[ae]y-?list/i,
    code: /^5/,
    scope: 'sender',
    meaning: 'stop',
    advice: ADVICE.sendAs,
    source: 'Office 365, IONOS, Postfix, Exim',
  },
  // Limits on messages, connections and recipients.
  {
    words: LOGIN,
    also: /too many|\brequired|needed|must|not authenticated/i,
    scope: 'configuration',
    meaning: 'stop',
    advice: ADVICE.login,
    source: 'Gmail 4.7.0, Exchange',
  },
  {
    words: /\b(per|this|one|a single|each)( smtp)? (connection|session)\b/i,
    also: /too many|limit|max|exceed/i,
    scope: 'limit',
    meaning: 'new-connection',
    advice: ADVICE.session,
    source: 'IONOS, Exim',
  },
  // Without a word about time it may be about the connection as well: a new one is tried before the rate is lowered.
  {
    code: /^421$/,
    words: /too many (messages|e-?mails|recipients|transactions|rcpts)/i,
    unless: /\brate\b|rate-?limit|throttl|too (fast|frequent)|slow|second|minute|hour|\bday\b|connections/i,
    scope: 'limit',
    meaning: 'new-connection',
    advice: ADVICE.session,
    source: 'Exim, MDaemon',
  },
  {
    words: /\b(connections?|sessions|threads?)\b/i,
    also: /too many|\blimit|\brate\b|concurrent|simultaneous|max/i,
    unless: OTHER_COUNTS,
    scope: 'limit',
    meaning: 'fewer-connections',
    advice: ADVICE.connections,
    source: 'Postfix anvil, Sendmail, Office 365 4.3.2',
  },
  {
    code: /^[45]/,
    words: SENDING_QUOTA,
    also: /quota|limit|exceed|reached|\bmax|too many/i,
    unless: new RegExp(`${SIZE.source}|${RATE.source}`, 'i'),
    scope: 'limit',
    meaning: 'wait',
    advice: ADVICE.quota,
    source: 'Gmail 5.4.5, SES, SendGrid, Mailgun, Office 365, cPanel',
  },
  {
    words: /quota|(daily|hourly|monthly) (\w+ )?(limit|maximum)/i,
    unless: SIZE,
    scope: 'limit',
    meaning: 'wait',
    advice: ADVICE.quota,
    source: 'SES, policyd, Brevo',
  },
  {
    words: RATE,
    unless: new RegExp(`${OTHER_COUNTS.source}|${SIZE.source}`, 'i'),
    scope: 'limit',
    meaning: 'slow-down',
    advice: ADVICE.rate,
    source: 'SES, MailerSend, mailcow, Strato, GMX, Gmail 4.7.28',
  },
  {
    words: /\blimits?\b|unexpected volume|mail flood|slow down|sending too/i,
    also: /exceed|reached|over|volume|flood|slow|too (fast|quickly|often)/i,
    unless: new RegExp(`${OTHER_COUNTS.source}|${SIZE.source}|${MAILBOX.source}`, 'i'),
    scope: 'limit',
    meaning: 'slow-down',
    advice: ADVICE.rate,
    source: 'Yahoo TSS04, Strato, Exim',
  },
  {
    enhanced: /^4\.5$/,
    code: /^5/,
    scope: 'limit',
    meaning: 'wait',
    advice: ADVICE.quota,
    source: 'Gmail; RFC 3463 §3.5 calls it congestion',
  },
  {
    enhanced: /^7\.28$|^7\.500$/,
    scope: 'limit',
    meaning: 'slow-down',
    advice: ADVICE.rate,
    source: 'IANA: mail flood detected; Office 365 server busy',
  },
  {
    enhanced: /^5\.3$/,
    scope: 'limit',
    meaning: 'slow-down',
    advice: ADVICE.rate,
    source: 'RFC 3463 §3.6',
  },
  // A setting that does not work: TLS, relaying.
  {
    code: /^454$/,
    enhanced: /^7\.\d+$/,
    scope: 'configuration',
    meaning: 'stop',
    advice: ADVICE.login,
    source: 'RFC 3207 §4, RFC 4954 §6',
  },
  {
    enhanced: /^7\.(8|9|10|11|14)$/,
    unless: /policy reasons|message not accepted/i,
    scope: 'configuration',
    meaning: 'stop',
    advice: ADVICE.login,
    source: 'RFC 4954 §6, RFC 5248',
  },
  {
    words: RELAY,
    scope: 'configuration',
    meaning: 'stop',
    advice: 'The server does not relay mail for this login: check SMTP_URL.',
    source: 'Postfix, Exim, Sendmail, Exchange',
  },
  // The sender: reputation, authentication of its domain.
  {
    phase: ['connect'],
    code: /^421$/,
    enhanced: /^7\./,
    words: /try again later|closing connection/i,
    scope: 'connection',
    meaning: 'back-off',
    advice: ADVICE.ehlo,
    source: 'Gmail',
  },
  {
    code: /^421$/,
    enhanced: /^7\./,
    scope: 'sender',
    meaning: 'slow-down',
    advice: ADVICE.domain,
    source: 'Gmail 4.7.0, 5.7.32',
  },
  {
    enhanced: /^1\.[78]$/,
    scope: 'sender',
    meaning: 'stop',
    advice: ADVICE.domain,
    source: 'RFC 3463 §3.2',
  },
  {
    enhanced: /^7\.(2[0-79]|3[0-2]|40|515)$/,
    scope: 'sender',
    meaning: 'stop',
    advice: ADVICE.domain,
    source: 'RFC 7372, RFC 7505 §4.2, Gmail, Office 365',
  },
  {
    code: /^5/,
    words: LISTED,
    scope: 'sender',
    meaning: 'stop',
    advice: ADVICE.listed,
    source: 'Postfix, Proofpoint, Barracuda, Office 365 5.7.606, Yahoo TSS09',
  },
  // The connection.
  { code: /^421$/, scope: 'connection', meaning: 'back-off', source: 'RFC 5321 §3.8' },
  { enhanced: /^4\.(2|5)$/, scope: 'connection', meaning: 'back-off', source: 'RFC 3463 §3.5' },
  { code: /^4/, enhanced: /^3\.[12]$/, scope: 'connection', meaning: 'back-off', source: 'RFC 3463 §3.4' },
  {
    code: /^452$/,
    bare: true,
    words: /system storage|disk/i,
    scope: 'connection',
    meaning: 'back-off',
    source: 'RFC 5321 §4.2.3',
  },
  // The message: the same for every reader of its edition.
  { enhanced: /^3\.4$/, scope: 'message', meaning: 'stop', source: 'RFC 3463 §3.4' },
  {
    enhanced: /^6\.(7|9)$/,
    scope: 'recipient',
    meaning: 'not-wanted',
    bounce: 'none',
    source: 'RFC 6531 §3.7.4: this mailbox takes no such address',
  },
  { enhanced: /^6\./, scope: 'message', meaning: 'stop', source: 'RFC 3463 §3.7' },
  { code: /^5/, enhanced: /^7\.[01]$/, words: FORMAT, scope: 'message', meaning: 'stop', source: 'Gmail' },
  {
    code: /^552$/,
    bare: true,
    words: /\bsize\b|too (large|big)|message length/i,
    scope: 'message',
    meaning: 'stop',
    source: 'RFC 1870 §6.1',
  },
  { code: /^552$/, bare: true, phase: ['mail'], scope: 'message', meaning: 'stop', source: 'RFC 1870 §6.1' },
  // One reader's mailbox.
  {
    enhanced: /^1\.(1|2|3|6|10)$/,
    scope: 'recipient',
    meaning: 'no-mailbox',
    bounce: 'hard',
    source: 'RFC 3463 §3.2, RFC 7505',
  },
  { code: /^(521|556)$/, scope: 'recipient', meaning: 'no-mailbox', bounce: 'hard', source: 'RFC 7504' },
  { enhanced: /^[12]\./, scope: 'recipient', meaning: 'mailbox-unavailable', source: 'RFC 3463 §3.2, §3.3' },
  {
    enhanced: /^7\.(2|1[23]\d)$/,
    scope: 'recipient',
    meaning: 'not-wanted',
    bounce: 'none',
    source: 'RFC 3463 §3.8, Office 365',
  },
  {
    code: /^45[01]$/,
    enhanced: /^7\.1$/,
    unless: /client host|reverse|helo|sender address|\byour\b/i,
    scope: 'recipient',
    meaning: 'greylisted',
    source: 'RFC 6647 §5',
  },
  {
    enhanced: /^7\./,
    scope: 'sender',
    meaning: 'policy',
    advice: ADVICE.domain,
    source: 'RFC 3463 §3.8',
  },
  {
    words: /\bloop|too many hops|hop count/i,
    phase: WITH_RECIPIENT,
    scope: 'recipient',
    meaning: 'mailbox-unavailable',
    source: 'RFC 3463 §3.5 (X.4.6): the recipient forwards in a circle',
  },
  // The server does not understand a command: a fault of the program. An address it does not understand is the recipient's.
  {
    code: /^501$/,
    bare: true,
    phase: ['rcpt', 'bounce'],
    words: /address|mailbox|recipient/i,
    scope: 'recipient',
    meaning: 'mailbox-unavailable',
    source: 'RFC 5321 §4.2.2',
  },
  { code: /^(50[0-4]|555)$/, scope: 'message', meaning: 'stop', source: 'RFC 5321 §4.2.2' },
  // Without an enhanced code only the text is left, which proves less.
  {
    bare: true,
    code: /^5/,
    phase: ['rcpt', 'bounce', 'dot'],
    words: UNKNOWN_MAILBOX,
    scope: 'recipient',
    meaning: 'no-mailbox',
    bounce: 'hard',
    source: 'Yahoo, Domino, GroupWise',
  },
  { code: /^5/, words: POLICY, scope: 'sender', meaning: 'policy', advice: ADVICE.domain, source: 'Mimecast, iCloud' },
  {
    phase: ['bounce'],
    code: /^5/,
    words: CONTENT,
    scope: 'sender',
    meaning: 'policy',
    advice: ADVICE.domain,
    source: 'gateways that scan messages',
  },
  {
    code: /^5/,
    phase: ['rcpt', 'bounce'],
    scope: 'recipient',
    meaning: 'mailbox-unavailable',
    isGuess: true,
    source: 'RFC 5321 §4.2.3',
  },
  { code: /^5/, scope: 'sender', meaning: 'policy', isGuess: true, source: 'RFC 5321 §4.2.3' },
  {
    code: /^4/,
    phase: WITH_RECIPIENT,
    scope: 'recipient',
    meaning: 'later',
    isGuess: true,
    source: 'RFC 5321 §4.2.3',
  },
];
