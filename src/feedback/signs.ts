import type { ReadMail } from './read-mail.ts';

/** Names that only servers write from. */
const DAEMON =
  /^(?:mailer[-_. ]?daemon|post_?master|mail-?daemon|maildeliverysystem|mdaemon|mailsys|mail[-_.]?delivery|mailadmin|post_?office|bounce-?notification|exchange|daemon|root|smtp|mta|mail|delivery)$|^microsoftexchange/i;
const DAEMON_NAME =
  /mail(?:er)?[- _]?(?:delivery|daemon|deliver)|postmaster|delivery (?:sub)?system|system administrator|mail system/i;
/** What subjects of reports say. */
const FAILED =
  /undeliver|not delivered|non[- ]?deliver|deliver(?:y|ing) (?:fail|error|problem|status|report|notification|delay|impossible|warning|unsuccessful)|returned (?:to sender|mail|message|e-?mail)|(?:mail|message|e-?mail) (?:is |was |has been )?(?:returned|rejected|bounced|refused|system error|error)|failure notice|non remis|unzustellbar|zustell(?:ung|fehler|bericht)|nicht zugestellt|permanent (?:fail|error)|impossible de (?:remettre|distribuer)|échec|mancato recapito|consegna (?:fallita|impossibile)|no (?:se )?(?:pudo|ha podido) (?:entregar|ser entregado)|devuelto|não (?:foi )?(?:entregue|pôde)|falha|niedostarczon|nie dostarczono|onbestelbaar|kunde inte levereras|недоставлен|не доставлено|невозможно доставить|配信(?:できません|不能|エラー|失敗)|エラー|送信でき|退信|投递失败|无法(?:投递|送达)|배달|error sending your (?:mail|message)|bounce/i;
/** Two kinds of words that reports hold and others seldom both. */
const DELIVERY = /deliver|could(?:n't| not) (?:reach|be sent)|did not reach|recipients?\b|mailbox|wasn't found at/i;
const TROUBLE =
  /fail|error|problem|delay|unable|un?deliver|n't\b|\bnot\b|return|reject|refus|impossib|unknown|warning|sorry|trouble/i;
const OPENS_ELSEWHERE =
  /unzustellbar|nicht (?:zugestellt|übermittelt)|non remis|n'a pas pu|no se (?:pudo|ha podido)|não (?:foi|pôde)|non (?:è stato|può)|не может быть доставлено|nie (?:został|można)|kunde inte levereras|送信(?:できません|に失敗)|配信(?:できません|に失敗)|无法|退信/i;
/** What an auto-reply says of itself in its header (RFC 3834 5; the names that programs had before). */
const ANSWERS_ITSELF: readonly [header: string, words: readonly string[]][] = [
  ['auto-submitted', ['auto-replied', 'auto-generated', 'auto-notified']],
  ['x-autoreply', ['']],
  ['x-autorespond', ['']],
  ['x-autoresponse', ['']],
  ['x-auto-reply-from', ['']],
  ['x-mail-autoreply', ['']],
  ['x-apple-action', ['vacation']],
  ['x-mailer', ['vacation', 'autorespon', 'auto-respon', 'autoreply']],
  ['precedence', ['auto_reply', 'auto-reply', 'autoreply']],
  ['delivered-to', ['autoresponder']],
];
const AWAY =
  /^(?:\[?auto(?:matic|mated)?[- :\]]|autoresponder|autoantwort|autoreply|out[- ]of[- ](?:the[- ])?(?:office|town)|(?:i am |i'm |am )?(?:away|on (?:vacation|holiday|leave))|vacation|abwesen|absence|absent|ausente|fuera de la oficina|fora do escrit|afwezig|автоответ|autosvar|nieobecno|不在|부재|atvaļināj|lomalla|urlaub|thank you for (?:your|contacting)|we(?:'ve| have) received your)/i;
/** The same, wherever it stands in a subject; and how such a mail begins. */
const ANSWERS_BY_ITSELF =
  /automatic reply|auto-?reply|automatisch(?:e|es)? (?:antwort|antwoord)|r(?:é|e)ponse automatique|risposta automatica|respuesta autom(?:á|a)tica|resposta autom(?:á|a)tica|autom(?:ā|a)tisk[at]? (?:atbilde|svar)|odpowiedź automatyczna|自動(?:応答|返信)|自动(?:回复|答复)/i;
const IS_AWAY =
  /\b(?:i am|i'm|i will be|i'll be) (?:currently )?(?:out of (?:the |my )?office|on (?:vacation|holiday|leave|annual leave)|away (?:from|until|on))|\bich bin (?:derzeit |momentan )?(?:nicht im b(?:ü|ue)ro|im urlaub|abwesend)|je suis (?:actuellement )?(?:absent|en cong)|estoy fuera de la oficina/i;
const CHALLENGE =
  /(?:confirm|verify|prove) (?:that )?(?:you are (?:a )?(?:human|real)|your (?:message|e-?mail|mail|delivery)|you sent)|(?:requires?|awaits?|pending|needs?) (?:your )?(?:confirmation|verification|approval)|spam ?arrest|boxtrapper|tmda|challenge[- ]response|sender verification required|(?:my|his|her|their) (?:allowed|approved|white)[- ]?list/i;

/** Tells whether a server wrote it, by who it is from and what it calls itself. */
export function isFromServer({ headers, from, subject }: ReadMail, lines: readonly string[]): boolean {
  if (headers.has('x-failed-recipients')) return true;
  if (/multipart\/report/i.test(headers.get('content-type') ?? '')) return true;
  const wrote = headers.get('from') ?? '';
  const name = from.split(/[@+=]/, 1)[0] ?? '';
  if (DAEMON.test(name) || DAEMON_NAME.test(wrote) || FAILED.test(subject)) return true;
  return headers.get('return-path')?.trim() === '<>' && opensReport(lines);
}

/** Tells whether its words begin as a report does. */
export function opensReport(lines: readonly string[]): boolean {
  const words = lines.slice(0, 40).join(' ').slice(0, 3_000);
  return (DELIVERY.test(words) && TROUBLE.test(words)) || OPENS_ELSEWHERE.test(words);
}

/** Says which sign of an auto-reply it bears; null where it bears none. */
export function autoReplySign({ headers, subject }: ReadMail, lines: readonly string[]): string | null {
  for (const [header, words] of ANSWERS_ITSELF) {
    const given = headers.get(header);
    if (given !== undefined && words.some((each) => given.toLowerCase().includes(each)))
      return `${header}: ${given.slice(0, 100)}`;
  }
  if (AWAY.test(subject.trim()) || ANSWERS_BY_ITSELF.test(subject)) return `subject: ${subject.slice(0, 100)}`;
  return IS_AWAY.exec(lines.slice(0, 12).join(' ').slice(0, 600))?.[0] ?? null;
}

/** Tells whether it asks us to prove that we are somebody. */
export function isChallenge({ subject }: ReadMail, lines: readonly string[]): boolean {
  return CHALLENGE.test(subject) || CHALLENGE.test(lines.slice(0, 30).join(' ').slice(0, 2_000));
}

const LEAVE =
  /^(?:re: ?)?(?:unsubscribe|sign ?off|leave|remove(?: me)?|abmelden|abbestellen|austragen|désabonner|désinscription|darse de baja|cancelar suscripci|annulla iscrizione|uitschrijven|отписаться)(?![\p{L}\p{N}])/iu;

/** Tells whether it asks to be let go, in its subject or in its first line. */
export function isUnsubscribe({ subject }: ReadMail, lines: readonly string[]): boolean {
  const first = lines.find((line) => line.trim() !== '')?.trim() ?? '';
  return LEAVE.test(subject.trim()) || LEAVE.test(first.slice(0, 60));
}

/** Tells whether somebody answered. */
export function isAnswer({ headers, subject }: ReadMail): boolean {
  const answers = /^(?:re|aw|sv|antw|rif|odp|回复|答复) ?:/i.test(subject.trim());
  return answers || headers.has('in-reply-to') || headers.has('references');
}
