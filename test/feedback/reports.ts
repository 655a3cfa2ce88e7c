/** Mails that come back, written by us in the forms of common servers. */

interface Head {
  from?: string;
  subject?: string;
  more?: string[];
}

/** A mail of one text. */
export function mailOf(
  text: string,
  { from = 'MAILER-DAEMON@mx.example.net', subject = 'x', more = [] }: Head = {},
): string {
  const to = 'To: bounce@news.example.org';
  return [`From: ${from}`, to, `Subject: ${subject}`, ...more, '', text, ''].join('\n');
}

const RETURNED = [
  'Content-Type: message/rfc822',
  '',
  'From: Papers <papers@news.example.org>',
  'To: quoted@example.com',
  'Subject: 5.1.1 User unknown',
  '',
  '550 5.1.1 User unknown',
].join('\n');

/** A report with parts for machines. */
export function reportOf(text: string, status: string, type = 'delivery-status', head: Head = {}): string {
  const parts = [`Content-Type: text/plain\n\n${text}`, `Content-Type: message/${type}\n\n${status}`, RETURNED];
  const body = parts.map((part) => `--b1\n${part}\n`).join('') + '--b1--';
  const reportType = type === 'delivery-status' ? type : 'feedback-report';
  const more = [`Content-Type: multipart/report; report-type=${reportType}; boundary="b1"`, 'MIME-Version: 1.0'];
  return mailOf(body, { subject: 'Undelivered Mail Returned to Sender', ...head, more });
}

/** The fields of one recipient. */
export function fieldsOf(address: string, action: string, status: string, diagnostic: string): string {
  return `Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; ${address}\nAction: ${action}\nStatus: ${status}\nDiagnostic-Code: smtp; ${diagnostic}\n`;
}

const ADA = 'ada@lab.example';
const COPY =
  '\n\nReceived: by mx.example.net\nFrom: papers@news.example.org\nTo: quoted@example.com\n\n550 5.1.1 User unknown';
const postfix = (reason: string) =>
  `This is the mail system at host mx.example.net.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\n<${ADA}>: ${reason}`;

/** What each is: its kind, and whom it names. */
export const SAMPLES: [name: string, mail: string, kind: string, named: string[]][] = [
  [
    'Postfix, unknown',
    reportOf(
      postfix('host mx[192.0.2.1] said: 550 5.1.1\n    User unknown (in reply to RCPT TO command)'),
      fieldsOf(ADA, 'failed', '5.1.1', '550 5.1.1 User unknown'),
    ),
    'hard',
    [ADA],
  ],
  [
    'Postfix, unknown after the mail was heard',
    reportOf(
      postfix('host mx[192.0.2.1] said: 550\n    Unknown user (in reply to end of DATA command)'),
      fieldsOf(ADA, 'failed', '5.0.0', '550 Unknown user'),
    ),
    'soft',
    [ADA],
  ],
  [
    'Postfix, delayed',
    reportOf('It will be retried.', fieldsOf(ADA, 'delayed', '4.2.0', '450 4.2.0 Greylisted')),
    'delayed',
    [ADA],
  ],
  ['Postfix, delivered', reportOf('As you asked.', fieldsOf(ADA, 'relayed', '2.0.0', '250 Ok')), 'delivered', [ADA]],
  [
    'permanent, by a block list',
    reportOf('x', fieldsOf(ADA, 'failed', '5.7.1', '554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org')),
    'soft',
    [ADA],
  ],
  [
    'Exchange',
    reportOf(
      'Delivery has failed.',
      fieldsOf(
        ADA,
        'failed',
        '5.1.10',
        '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
      ),
    ),
    'hard',
    [ADA],
  ],
  [
    'Exchange, full',
    reportOf('Delivery has failed.', fieldsOf(ADA, 'failed', '5.2.2', '550 5.2.2 STOREDRV.Deliver; mailbox full')),
    'soft',
    [ADA],
  ],
  [
    'iCloud',
    reportOf(
      'Your message cannot be delivered.',
      fieldsOf(ADA, 'failed', '5.1.6', '550 5.1.6 recipient no longer on server'),
    ),
    'hard',
    [ADA],
  ],
  [
    'Exim',
    mailOf(
      `This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  ${ADA}\n    SMTP error from remote mail server after RCPT TO:<${ADA}>:\n    550 5.1.1 no such user\n\n------ This is a copy of the message, including all the headers. ------${COPY}`,
      { subject: 'Mail delivery failed', more: [`X-Failed-Recipients: ${ADA}`, 'Auto-Submitted: auto-replied'] },
    ),
    'hard',
    [ADA],
  ],
  [
    'Sendmail',
    mailOf(
      `   ----- The following addresses had permanent fatal errors -----\n<${ADA}>\n    (reason: 550 5.1.1 User unknown)\n\n   ----- Transcript of session follows -----\n>>> RCPT To:<${ADA}>\n<<< 550 5.1.1 User unknown${COPY}`,
      { subject: 'Returned mail: see transcript for details' },
    ),
    'hard',
    [ADA],
  ],
  [
    'qmail',
    mailOf(
      `Hi. This is the qmail-send program at mx.example.net.\nI'm afraid I wasn't able to deliver your message to the following addresses.\n\n<${ADA}>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 sorry, no mailbox here by that name\nGiving up on 192.0.2.1.\n\n--- Below this line is a copy of the message.${COPY}`,
      { subject: 'failure notice' },
    ),
    'hard',
    [ADA],
  ],
  [
    'Gmail',
    mailOf(
      `Delivery to the following recipient failed permanently:\n\n     ${ADA}\n\nTechnical details of permanent failure:\nThe error that the other server returned was:\n550 5.1.1 The email account that you tried to reach does not exist.\n\n----- Original message -----${COPY}`,
      { subject: 'Delivery Status Notification (Failure)' },
    ),
    'hard',
    [ADA],
  ],
  [
    'Yahoo, full',
    mailOf(
      `Sorry, we were unable to deliver your message to the following address.\n\n<${ADA}>:\n552: 5.2.2 mailbox is full\n\n--- Below this line is a copy of the message.${COPY}`,
      { subject: 'Failure Notice' },
    ),
    'soft',
    [ADA],
  ],
  [
    'Domino',
    mailOf(
      `Your message\n\n  Subject: Papers\n\nwas not delivered to:\n\n  ${ADA}\n\nbecause:\n\n  User Ada (${ADA}) not listed in Domino Directory`,
      { from: 'Postmaster@lab.example', subject: 'DELIVERY FAILURE' },
    ),
    'hard',
    [ADA],
  ],
  [
    'German, a full mailbox',
    mailOf(`Ihre Nachricht konnte nicht zugestellt werden:\n\n<${ADA}>\nDas Postfach ist voll`, {
      subject: 'Unzustellbar: Papers',
    }),
    'soft',
    [ADA],
  ],
  [
    'ISO-2022-JP as it stands',
    reportOf(
      'x',
      `Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; ${ADA}\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: X-Notes; Domino \u001b$B%G%#%l%/%H%j$K$O8+$D$+$j$^$;$s\u001b(B`,
    ),
    'hard',
    [ADA],
  ],
  [
    'a complaint',
    reportOf(
      'This is an abuse report.',
      `Feedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\nOriginal-Rcpt-To: ${ADA}\n`,
      'feedback-report',
      { subject: 'complaint' },
    ),
    'complaint',
    [ADA],
  ],
  [
    'a complaint that names nobody but in the mail it returns',
    reportOf('x', 'Feedback-Type: abuse\nVersion: 1\n', 'feedback-report'),
    'complaint',
    ['quoted@example.com'],
  ],
  [
    'not spam, after all',
    reportOf('x', `Feedback-Type: not-spam\nVersion: 1\nOriginal-Rcpt-To: ${ADA}\n`, 'feedback-report'),
    'other',
    [ADA],
  ],
  [
    'a vacation reply that speaks of codes',
    mailOf('I am away. Status: 5.1.1\n550 5.1.1 User unknown', {
      from: ADA,
      subject: 'Re: Papers',
      more: ['Auto-Submitted: auto-replied', 'Return-Path: <>'],
    }),
    'auto-reply',
    [ADA],
  ],
  [
    'away, by its subject alone',
    mailOf('See you in May.', { from: ADA, subject: 'Automatische Antwort: Papers' }),
    'auto-reply',
    [ADA],
  ],
  [
    'a challenge',
    mailOf('Please confirm that you are human by the link below.', { from: ADA, subject: 'Your mail' }),
    'challenge',
    [],
  ],
  ['leaving by mail', mailOf('', { from: ADA, subject: 'unsubscribe' }), 'unsubscribe', []],
  [
    'a person who quotes a report',
    mailOf(`Is this right?\n\n> <${ADA}>: 550 5.1.1 User unknown`, {
      from: ADA,
      subject: 'Re: Papers',
      more: ['In-Reply-To: <1@x>'],
    }),
    'reply',
    [],
  ],
  ['something else', mailOf('Buy now.', { from: 'shop@example.com', subject: 'Offer' }), 'other', []],
  ['nothing', '', 'other', []],
  [
    'a notification of SES',
    JSON.stringify({
      notificationType: 'Bounce',
      bounce: {
        bounceType: 'Permanent',
        bouncedRecipients: [{ emailAddress: ADA, status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' }],
      },
    }),
    'hard',
    [ADA],
  ],
  ['events of SendGrid', JSON.stringify([{ email: ADA, event: 'spamreport' }]), 'complaint', [ADA]],
];
