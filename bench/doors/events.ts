/** A mail of a run: where it is returned to, and the report. */
export interface Returned {
  recipient: string;
  mail: string;
}

/** Writes the report of Postfix that the mail to a reader could not be brought to them. */
export function returned(n: number, recipient: string): Returned {
  const address = `reader${n}@bench.example`;
  const said = `550 5.1.1 <${address}>: Recipient address rejected: User unknown in virtual mailbox table`;
  const mail = [
    `Delivered-To: ${recipient}`,
    'From: MAILER-DAEMON@relay.bench.example (Mail Delivery System)',
    `To: ${recipient}`,
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${n}.bench"`,
    `Message-Id: <${n}@relay.bench.example>`,
    '',
    `--${n}.bench`,
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'This is the mail system at host relay.bench.example.',
    '',
    "I'm sorry to have to inform you that your message could not be delivered to one or more recipients. It's attached below.",
    '',
    `<${address}>: host mx.bench.example[127.0.0.1] said: ${said} (in reply to RCPT TO command)`,
    '',
    `--${n}.bench`,
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; relay.bench.example',
    'Arrival-Date: Mon,  5 Jan 2026 08:00:00 +0000 (UTC)',
    '',
    `Final-Recipient: rfc822; ${address}`,
    'Action: failed',
    'Status: 5.1.1',
    'Remote-MTA: dns; mx.bench.example',
    `Diagnostic-Code: smtp; ${said}`,
    '',
    `--${n}.bench`,
    'Content-Type: text/rfc822-headers',
    '',
    ...Array.from({ length: 12 }, (_, line) => `X-Line-${line}: ${'what a mail carries in its head '.repeat(2)}`),
    `Subject: Your papers, ${n}`,
    '',
    `--${n}.bench--`,
    '',
  ].join('\n');
  return { recipient, mail };
}

/** A body of SendGrid's with the events of some mails, each with what our header carried. */
export function sendgridBody(some: readonly { n: number; token: string }[]): string {
  return JSON.stringify(
    some.map(({ n, token }) => ({
      email: `reader${n}@bench.example`,
      timestamp: 1_767_614_340,
      event: 'bounce',
      type: 'bounce',
      reason: `550 5.1.1 <reader${n}@bench.example>: Recipient address rejected: User unknown`,
      status: '5.1.1',
      'smtp-id': `<${n}@digest.bench.example>`,
      sg_event_id: `event-${n}`,
      sg_message_id: `message-${n}`,
      offprint: token,
    })),
  );
}

/** A body for `generic` with the events of some mails; of one, that event alone. */
export function genericBody(some: readonly { n: number; token: string }[]): string {
  const events = some.map(({ n, token }) => ({
    type: 'bounce',
    recipient: `reader${n}@bench.example`,
    reply: `550 5.1.1 <reader${n}@bench.example>: Recipient address rejected: User unknown`,
    id: `event-${n}`,
    token,
  }));
  return JSON.stringify(events.length === 1 ? events[0] : { events });
}
