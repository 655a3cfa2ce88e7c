import { rules, type Rule } from '../rule.ts';

const GOOGLE = 'https://support.google.com/a/answer/3726730';

/** The state of the reader's mailbox: full, busy, closed, too small for this mail, greylisted. */
export const mailboxRules: readonly Rule[] = rules(
  {
    about: 'mailbox',
    class: 'soft',
    advice: 'Wait: mailboxes are emptied. Repeated over weeks it means that nobody reads there.',
  },
  // oxfmt-ignore
  [
    ['mailbox-state', 'both', /\b((mailbox|inbox|mail ?box|maildir|maildrop|recipient'?s? (mailbox|account|quota|storage)|user'?s? (mailbox|quota|storage)|account) ((quota|storage|size|limit) )?(is |has been |was |temporarily |currently |for (this|the) user (is )?)?(full|over ?quota|over its quota|exceeded|exceeds|busy|locked|in use|disabled|suspended|inactive|unavailable|out of (space|storage))|inactive (user|mailbox|account))\b/i, 'RFC 5321 4.2.3', '552 5.2.2 Mailbox full', '550 our disk is full', { answers: 'mailbox' }],
    ['over-quota', 'both', /\b(over ?quota|quota exceeded for (user|mailbox)|quota violation|storage allocation|mailbox (size|storage) limit|insufficient (mailbox|user) (space|storage|quota))\b/i, 'RFC 3463 3.3 (X.2.2)', '452 4.2.2 user is over quota', '454 Daily message quota exceeded', { answers: 'mailbox' }],
    ['receives-too-much', 'both', /\b((receiving|received) (mail|messages) (at a rate|too (quickly|fast))|receiving mail at a rate)\b/i, GOOGLE, '450-4.2.1 The user you are trying to contact is receiving mail too quickly.', '450 you are sending too quickly', { answers: 'mailbox' }],
    ['full-in-other-words', 'report', /\b(mail ?(box|folder|drop|spool)s?( is| are| was)?( too| already)? (full|exceed|over)|(exceed(s|ed|ing)?|over|beyond|out of)( the| its| their| his| your)?( allowed| maximum| mail| disk| storage| mailbox| user| recipient| max)* (quota|storage|size limit|space|storage space|limit for this mailbox)|(disk |user |mail |storage |mailbox )?quota (is |has been |was )?(exceed(s|ed)?|full|reached|violation)|quota exceeded|not enough (disk |storage |mailbox |free )?space|(doesn't|does not) have enough (disk )?space|insufficient (storage|space|disk space) (for|in) (the )?(user|recipient|mailbox)|too much mail data|delivery failed: over quota|account that you tried to reach is over quota|(recipient|user|mailbox|account) (storage|size|space) (is )?(full|limit|exceed(s|ed)?)|(mail|in)box is out of storage|exceptionshutoffquotaexceeded|storage is full|box full|would exceed (the )?(quota|mailbox|limit))\b/i, 'RFC 3463 3.3 (X.2.2)', 'x-unix; Quota exceeded message delivery failed', '550 the hourly cap is reached'],
    ['full-elsewhere', 'report', /(postfach|mailbox|bo[îi]te( aux lettres| de r(é|e)ception| du destinataire)?|buz[óo]n|casella|skrzynka|caixa( postal| de entrada)?) (ist |est |è |está |jest |is |über )?(quota|voll|pleine|lleno|llena|piena|pełna|cheia|vol|überf(ü|ue)llt)|メールボックス(が|の)(容量が)?(一杯|いっぱい|容量|制限|超え)|ящик (переполнен|заполнен)|信箱已满|邮箱(已满|空间不足)/i, 'RFC 3463 3.3 (X.2.2)', 'Das Postfach ist voll', 'Das Postfach ist unbekannt'],
    ['greylisted', 'both', /gr[ea]y-?\s?list/i, 'RFC 6647', '451 4.7.1 Greylisted, try again later', '450 list is grey', { answers: 'greylisted', advice: 'Nothing to do: it is tried again.' }],
    ['too-large', 'both', /\b((message|mail|email|content|attachment|header|line|body|data)s? (is |are |was |file )?(size|length|too (large|big|long))|size (limit|exceeds|exceeded)|(exceeds|exceeded) (the )?(maximum |max )?(message |fixed )?(size|length)|maximum (message )?(size|length)|too (large|big))\b/i, 'RFC 1870 6.1', '552 5.3.4 Message too big', '552 Too many recipients', { answers: 'too-large', advice: 'The mail is larger than this server takes: fewer papers, shorter cards.' }],
    ['length-limit', 'report', /\b(message (length|size) (exceeds|limit)|length exceeds (administrative )?limit( set by recipient)?|5\.2\.3|5\.3\.4)\b/i, 'RFC 3463 3.3 (X.2.3)', '552 length exceeds limit set by recipient', '552 Too many hops', { advice: 'The mail is larger than this server takes: fewer papers, shorter cards.' }],
    ['filtered-by-carrier', 'report', /\b[45]50(:| ) ?: user unknown\b/i, 'https://www.au.com/mobile/service/attention/meiwaku/', '550 : User unknown', '550 <x>: User unknown'],
    ['not-wanted-by-reader', 'report', /\b(recipient preferences|(rejected|refused|blocked|filtered|denied|not accepted|discarded) (by|due to|because of) (the )?(recipient|user|receiver|addressee)('s)?(?! domain)( preferences| filter| policy| settings| request)?|mailbox (filter|only accepts)|does not (wish|want) to receive|not accepting (mail|messages)( from| with)?( you| non| unknown| strangers)?|restricted to|recipient (does not|doesn't) accept|each of the following recipients was rejected by a remote mail server)\b/i, 'RFC 3463 3.3 (X.2.0)', '550 5.1.1 RCP-P2 Refused due to recipient preferences', '550 refused by policy'],
    ['mailbox-status', 'both', /(?<![\d.])[45]\.2\.[0124](?![\d.])/, 'RFC 3463 3.3', '550 5.2.1', '550 5.3.1'],
    ['mailbox-unavailable', 'report', /\b(mailbox (is )?(temporarily |currently )?(unavailable|not available)|on hold|mailbox is frozen|temporarily (locked|disabled|inactive))\b/i, 'RFC 5321 4.2.3', '450 The recipient is temporarily locked', '550 service unavailable'],
  ],
);
