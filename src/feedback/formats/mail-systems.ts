/**
 * How mail systems begin a report that is only text. A row needs a sign that no person writes; the recipients and reasons are then
 * found by one way for all (`free-text.ts`).
 */
import { type Fields, fieldIn } from './fields.js';

export interface MailSystem {
  readonly name: string;
  /** Matches the text that people read. */
  readonly text?: RegExp;
  /** A header that only such reports have. */
  readonly header?: readonly [name: string, value: RegExp];
}

export const MAIL_SYSTEMS: readonly MailSystem[] = [
  { name: 'Exim', header: ['x-failed-recipients', /@/] },
  {
    name: 'Exim',
    text: /this message was created automatically by (mail delivery software|the mail system|exim)|a message that you sent (could|has) not (yet )?be(en)? delivered|the following address(es)? failed:/i,
  },
  {
    name: 'qmail',
    text: /this is the (qmail-send|deliver|mail ?delivery|smtp delivery|returned mail|mailer) program|^hi\. this is (the|an?) .{0,60}program at|i('m| am) afraid i (wasn't|was not) able to deliver your message|i tried to deliver (a bounce|your message)/im,
  },
  {
    name: 'Yahoo',
    text: /message from (yahoo|\S{1,60})\.\s{0,3}unable to deliver|sorry, we were unable to deliver your message to the following address/i,
  },
  {
    name: 'Sendmail',
    text: /the following addresses had (permanent|transient|delivery|non-?fatal|fatal|deferred)|transcript of session follows|the original message was received at/i,
  },
  {
    name: 'Postfix',
    text: /this is the .{0,40}(mail system|postfix program|mail server|smtp server) at (host|the)|i'm sorry to have to inform you that (the|your) message|your message could not be delivered to one or more recipients|this is the mail system at|mensaje no (se )?ha podido ser entregado|votre message n'a pas pu être (remis|délivré)|ihre nachricht konnte nicht zugestellt werden|il (tuo|suo) messaggio non (è stato|ha potuto)/i,
  },
  {
    name: 'Gmail',
    text: /delivery to the following recipients? (has |have )?(failed|been delayed)|your message wasn't delivered to|address not found|message (not delivered|blocked|too large)|delivery incomplete|there was a (temporary )?problem delivering your message|technical details of (permanent|temporary) failure|you reached a limit for sending/i,
  },
  {
    name: 'Office 365',
    text: /delivery has failed to these recipients|wasn't found at|couldn't be delivered|diagnostic information for administrators|generating server:|remote server returned|a communication failure occurred/i,
  },
  {
    name: 'Exchange',
    text: /did not reach the following recipient|could not be (reached|delivered) to the following recipient|unable to deliver (your|this|the) message|the (e-?mail )?(account|system) (was|is)? ?(does not exist|unable to) .{0,60}(organization|deliver)|msexch:|a (syntax|configuration) error was detected in the (content|e-?mail)|your message was not delivered/i,
  },
  {
    name: 'Domino',
    text: /delivery failure report|was not delivered to:|failed to deliver to/i,
  },
  {
    name: 'GroupWise',
    text: /the message that you sent was undeliverable to the following|undeliverable to (the following|one or more)/i,
  },
  {
    name: 'SES',
    text: /an error occurred while trying to deliver the mail to the following recipients?|^the following message to |was undeliverable|technical report:|the reason for the problem:/im,
  },
  {
    name: 'IMail',
    text: /^(unknown (user|host)|user mailbox exceeds allowed size|delivery failed \d+ attempts|undeliverable to|delivery userid)\b/im,
  },
  {
    name: 'Courier',
    text: /running the courier mail server|undelivered mail returned|this is a delivery status notification from|<<< \d{3} |>>> rcpt to/i,
  },
  {
    name: 'MailMarshal',
    text: /could not be delivered because of|had delivery problems|was not delivered to the following|(the following|these) recipients? (could not|cannot|did not)|following (e-?mail )?address(es)? (failed|was|were|could|had)|(sent|received) (>>>|<<<)/i,
  },
  {
    name: 'gateways',
    text: /(failed|undeliverable) (recipient|address)(s|es)?\b|following recipients? (was|were|has|have) |returned to (the )?sender|message delivery (failure|failed)|delivery (status )?notification|mail delivery (failed|failure|subsystem|system)/i,
  },
  {
    name: 'any program',
    text: /undeliverable (message|mail)|unable to (deliver|be delivered)|(could|can) ?not (be )?deliver|delivery (has )?failed|failed to deliver|could not be sent|not delivered/i,
  },
  {
    name: 'X.400 and Oracle',
    text: /this report relates to a message you sent|your message cannot be delivered to the following|recipient address:\s|reason for (non-?delivery|failure)|your message was not delivered to/i,
  },
  {
    name: 'Japanese carriers',
    text: /each of the following recipients was rejected|the user\(s\) |could not be delivered to mobile|次の(あて先|宛先|メールアドレス|受信者)|以下の(あて先|宛先|メールアドレス|受信者|アドレス)|送信できません|配信できません|配送できません|お届けできません|届けることができ|送信エラー|宛先不明|(メール|メッセージ).{0,16}(エラー|失敗|返送)/i,
  },
  {
    name: 'other languages',
    text: /не (удалось|может быть|было) достав|не доставлено|konnte nicht (an|zugestellt|ausgeliefert)|nicht zugestellt|n'a pas (pu|été) (être )?(remis|délivré|distribué|transmis)|no (se )?(pudo|ha podido|puede) (ser )?(entreg|enviar)|não (pôde|pode|foi) (ser )?entreg|non (è stato possibile|può essere|è stato) (recapit|consegn|inoltr)|kon niet (worden )?(afgeleverd|bezorgd)|nie (mo[zż]e|mog[lł]a|zosta[lł]a).{0,20}dostarcz|退信|无法(送达|投递|发送)|投递失败|無法(送達|投遞|傳送)|배달(되지|할 수)|전송(에 )?실패|반송/i,
  },
];

/** Who such reports come from: a program, or nobody. */
const PROGRAM =
  /mailer-?daemon|post-?master|mail-?(delivery|system|admin|router|agent|server)|delivery (sub)?system|mdaemon|mail ?administrator|majordomo|bounce|no-?reply|system ?admin|<>|returned mail|daemon|\bmta\b|microsoftexchange|exchange|メール|システム/i;

const SUBJECT =
  /undeliver|not? deliver|non-?deliver|deliver(y|ed)? (status|fail|problem|error|report|notif|incomplete|delay|has)|returned (mail|to sender|message)|mail (delivery )?(fail|error|system error|could not)|(delivery|message|mail) (fail|status|error|notif|not )|failure (notice|delivery)|failed (mail|delivery|message)|undelivered|could ?n.t be delivered|rejected|bounce|user unknown|unknown (user|address|recipient)|nicht zugestellt|unzustellbar|zustell|no entreg|non remis|non (distribu|deliv)|échec|devuelto|não entreg|mancat|non recapit|недостав|не доставл|доставк|エラー|未達|配信|配送|送信|返送|退信|投递|배달|반송|undelivrable|permanent error|temporary problem|message blocked|warning: (could|message)|delayed/i;

/** Whether a mail looks like a report of a program, by who sends it or what it is called. */
export function isFromProgram(headers: Fields): boolean {
  const sender = [fieldIn(headers, 'return-path'), fieldIn(headers, 'from'), fieldIn(headers, 'sender')]
    .join(' ')
    .slice(0, 1000);
  if (PROGRAM.test(sender) || !headers.has('from')) return true;
  return fieldIn(headers, 'x-failed-recipients') !== '';
}

/** Whether its subject is that of a report. */
export function isReportSubject(headers: Fields): boolean {
  return SUBJECT.test(fieldIn(headers, 'subject').slice(0, 300));
}

/** The mail system whose report this is; `undefined` when none of them writes so. */
export function mailSystemOf(headers: Fields, text: string): MailSystem | undefined {
  const read = text.slice(0, 20_000);
  return MAIL_SYSTEMS.find(
    ({ text: words, header }) =>
      (header && headers.get(header[0])?.some((value) => header[1].test(value))) || words?.test(read),
  );
}
