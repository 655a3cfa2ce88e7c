/** A report of a mail server (RFC 3464) that a mail could not be brought to an address. */
export function bounceMail(
  address: string,
  status: string,
  { words = `${status} refused`, messageId }: { words?: string; messageId?: string } = {},
): string {
  const code = status.startsWith('4') ? 452 : 550;
  const returned = messageId
    ? ['--b', 'Content-Type: text/rfc822-headers', '', `Message-ID: ${messageId}`, 'Subject: papers', '']
    : [];
  return [
    'From: MAILER-DAEMON@mx.example.net',
    'To: papers@digest.example.org',
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    `I'm sorry to have to inform you that your message could not be delivered to one or more recipients.`,
    '',
    `<${address}>: host mx.example.net said: ${code} ${words} (in reply to RCPT TO command)`,
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    '',
    `Final-Recipient: rfc822; ${address}`,
    'Action: failed',
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${code} ${words}`,
    '',
    ...returned,
    '--b--',
    '',
  ].join('\n');
}

/** A provider's word that a reader called a mail spam (RFC 5965). */
export function complaintMail(address: string, messageId: string): string {
  return [
    'From: feedback@provider.example',
    'To: abuse@digest.example.org',
    'Subject: complaint',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=feedback-report; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'This is an email abuse report.',
    '',
    '--b',
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    'User-Agent: Provider/1',
    'Version: 1',
    `Original-Rcpt-To: ${address}`,
    '',
    '--b',
    'Content-Type: message/rfc822',
    '',
    'From: papers@digest.example.org',
    `To: ${address}`,
    `Message-ID: ${messageId}`,
    'Subject: papers',
    '',
    'Hello.',
    '--b--',
    '',
  ].join('\n');
}
