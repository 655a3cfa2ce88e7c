/** What providers send, in the form that each documents; people, ids and words are made up. */

export const TOKEN = '0123456789abcdef0123456789abcdef-00112233445566778899';
export const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:feedback';
const OUR_ID = '0123456789abcdef0123456789abcdef@digest.example.org';
export const UNKNOWN = '550 5.1.1 <ada@example.org>: Recipient address rejected: User unknown';

const sesMail = {
  timestamp: '2026-01-05T11:59:00.000Z',
  source: 'papers@digest.example.org',
  sourceArn: 'arn:aws:ses:eu-west-1:123456789012:identity/digest.example.org',
  sendingAccountId: '123456789012',
  messageId: '0102018f-ses-0001',
  destination: ['ada@example.org'],
  headersTruncated: false,
  headers: [
    { name: 'From', value: 'Offprint <papers@digest.example.org>' },
    { name: 'Message-ID', value: `<${OUR_ID}>` },
  ],
  commonHeaders: { from: ['Offprint <papers@digest.example.org>'], messageId: '0102018f-ses-0001', subject: 'Papers' },
  tags: { 'ses:configuration-set': ['papers'], offprint: [TOKEN] },
};

/** A bounce by event publishing; `more` is what differs. */
export const sesBounce = (more: object = {}, heard: object = {}) => ({
  eventType: 'Bounce',
  bounce: {
    feedbackId: '0102018f-feedback-1',
    bounceType: 'Permanent',
    bounceSubType: 'General',
    bouncedRecipients: [
      {
        emailAddress: 'ada@example.org',
        action: 'failed',
        status: '5.1.1',
        diagnosticCode: `smtp; ${UNKNOWN}`,
        ...heard,
      },
    ],
    timestamp: '2026-01-05T11:59:30.000Z',
    reportingMTA: 'dns; a1-2.smtp-out.eu-west-1.amazonses.com',
    ...more,
  },
  mail: sesMail,
});

export const sesComplaint = {
  notificationType: 'Complaint',
  complaint: {
    complainedRecipients: [{ emailAddress: 'Ada@Example.org' }],
    timestamp: '2026-01-05T11:59:30.000Z',
    feedbackId: '0102018f-feedback-2',
    userAgent: 'Example Feedback Loop (V0.01)',
    complaintFeedbackType: 'abuse',
  },
  mail: {
    ...sesMail,
    tags: undefined,
    headers: [...sesMail.headers, { name: 'X-SES-MESSAGE-TAGS', value: `offprint=${TOKEN}` }],
  },
};

export const sesDelivery = {
  notificationType: 'Delivery',
  mail: sesMail,
  delivery: {
    timestamp: '2026-01-05T11:59:10.000Z',
    processingTimeMillis: 546,
    recipients: ['ada@example.org'],
    smtpResponse: '250 2.0.0 OK',
    reportingMTA: 'a1-2.smtp-out.eu-west-1.amazonses.com',
  },
};

export const sesDelay = {
  eventType: 'DeliveryDelay',
  mail: sesMail,
  deliveryDelay: {
    timestamp: '2026-01-05T11:59:20.000Z',
    delayType: 'MailboxFull',
    expirationTime: '2026-01-06T11:59:20.000Z',
    delayedRecipients: [
      { emailAddress: 'ada@example.org', status: '4.2.2', diagnosticCode: 'smtp; 452 4.2.2 The mailbox is over quota' },
    ],
  },
};

export const sesOpen = { eventType: 'Open', mail: sesMail, open: { ipAddress: '192.0.2.1', userAgent: 'Example' } };

const sendgridEvent = {
  email: 'ada@example.org',
  timestamp: 1_767_614_340,
  'smtp-id': `<${OUR_ID}>`,
  sg_message_id: 'sendgrid-message.recvd-1',
  category: [],
  offprint: TOKEN,
};

export const sendgridEvents = [
  { ...sendgridEvent, event: 'processed', sg_event_id: 'sg-0' },
  { ...sendgridEvent, event: 'delivered', sg_event_id: 'sg-1', response: '250 OK' },
  { ...sendgridEvent, event: 'deferred', sg_event_id: 'sg-2', response: '400 try again later', attempt: '5' },
  { ...sendgridEvent, event: 'bounce', type: 'bounce', sg_event_id: 'sg-3', reason: UNKNOWN, status: '5.1.1' },
  { ...sendgridEvent, event: 'bounce', type: 'blocked', sg_event_id: 'sg-4', reason: UNKNOWN, status: '5.1.1' },
  { ...sendgridEvent, event: 'dropped', sg_event_id: 'sg-5', reason: 'Bounced Address', status: '5.0.0' },
  { ...sendgridEvent, event: 'dropped', sg_event_id: 'sg-6', reason: 'Spam Reporting Address' },
  { ...sendgridEvent, event: 'spamreport', sg_event_id: 'sg-7' },
  { ...sendgridEvent, event: 'unsubscribe', sg_event_id: 'sg-8' },
  { ...sendgridEvent, event: 'open', sg_event_id: 'sg-9', ip: '192.0.2.1', useragent: 'Example' },
];

/** The event-data of Mailgun; `more` is what differs. */
export const mailgunEvent = (more: object = {}) => ({
  event: 'failed',
  id: 'mailgun-1',
  timestamp: 1_767_614_340.5,
  'log-level': 'error',
  severity: 'permanent',
  reason: 'bounce',
  recipient: 'ada@example.org',
  'recipient-domain': 'example.org',
  'delivery-status': {
    'attempt-no': 1,
    code: 550,
    'enhanced-code': '5.1.1',
    message: '5.1.1 <ada@example.org>: Recipient address rejected: User unknown',
    description: '',
    'session-seconds': 0.4,
  },
  message: {
    headers: { to: 'ada@example.org', 'message-id': OUR_ID, from: 'papers@digest.example.org', subject: 'Papers' },
  },
  'user-variables': { offprint: TOKEN },
  tags: [],
  flags: { 'is-routed': false, 'is-test-mode': false },
  ...more,
});

/** A record of Postmark; `more` is what differs. */
export const postmarkRecord = (more: object = {}) => ({
  RecordType: 'Bounce',
  ID: 4_323_372_036_854_775_807n.toString().slice(0, 12),
  Type: 'HardBounce',
  TypeCode: 1,
  Name: 'Hard bounce',
  Tag: '',
  MessageID: '883953f4-6105-42a2-a16a-77a8eac79483',
  Metadata: { offprint: TOKEN },
  ServerID: 23,
  MessageStream: 'broadcast',
  Description: 'The server was unable to deliver your message (ex: unknown user, mailbox not found).',
  Details: `smtp;${UNKNOWN}`,
  Email: 'ada@example.org',
  From: 'papers@digest.example.org',
  BouncedAt: '2026-01-05T11:59:30.0000000Z',
  DumpAvailable: true,
  Inactive: true,
  CanActivate: true,
  Subject: 'Papers',
  ...more,
});
