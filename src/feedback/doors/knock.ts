import type { Context } from '../../context.ts';
import { messageOf } from '../../lib/errors.ts';
import { parseImapUrl } from '../../model/imap-mailbox.ts';

/** A door of which a test can go in. */
export type KnockedDoor = 'smtp' | 'imap' | 'webhook';

/** What a test report says: whom it is for, and by what it is known when it comes. */
export interface TestReport {
  /** Signed address of a mail that there never was. */
  address: string;
  token: string;
  id: string;
}

/** Lists the doors that are set. */
export function doorsSet({ BOUNCE_SMTP_PORT, BOUNCE_IMAP_URL, WEBHOOK_SECRET }: Context['config']): KnockedDoor[] {
  return [
    ...(BOUNCE_SMTP_PORT === undefined ? [] : ['smtp' as const]),
    ...(BOUNCE_IMAP_URL === undefined ? [] : ['imap' as const]),
    ...(WEBHOOK_SECRET === undefined ? [] : ['webhook' as const]),
  ];
}

/** Sends a test report through a door. Returns what went wrong; null where it was taken. */
export async function knock(ctx: Context, door: KnockedDoor, report: TestReport): Promise<string | null> {
  try {
    await WAYS[door](ctx, report);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** By what a test report is known again: the subject of a mail, or the id of a notification. */
export function markOf(door: KnockedDoor, { id }: TestReport): { subject?: string; providerId?: string } {
  return door === 'webhook' ? { providerId: `generic/door-test-${id}` } : { subject: subjectOf(id) };
}

const WAYS: Readonly<Record<KnockedDoor, (ctx: Context, report: TestReport) => Promise<void>>> = {
  smtp: bySmtp,
  imap: byImap,
  webhook: byWebhook,
};

async function bySmtp({ config }: Context, report: TestReport): Promise<void> {
  const { createTransport } = await import('nodemailer');
  const { BOUNCE_SMTP_HOST: host, BOUNCE_SMTP_PORT: port, BOUNCE_SMTP_LMTP: lmtp } = config;
  const transport = createTransport({ host, port, lmtp, secure: false, ignoreTLS: true, connectionTimeout: WAIT_MS });
  try {
    await transport.sendMail({ envelope: { from: '', to: [report.address] }, raw: mailOf(report) });
  } finally {
    transport.close();
  }
}

async function byImap({ config }: Context, report: TestReport): Promise<void> {
  const mailbox = parseImapUrl(config.BOUNCE_IMAP_URL ?? '');
  if (!mailbox) throw new Error('BOUNCE_IMAP_URL cannot be read');
  const { connectImap } = await import('./imap-connection.ts');
  const ending = new AbortController();
  const connection = await connectImap(mailbox, [], ending.signal);
  try {
    await connection.append(mailOf(report));
  } finally {
    connection.close();
  }
}

async function byWebhook({ config, now }: Context, { id, token }: TestReport): Promise<void> {
  const { signGeneric } = await import('./webhooks/generic.ts');
  const event = { type: 'delivered', recipient: 'door-test@example.invalid', id: `door-test-${id}`, token };
  const body = JSON.stringify(event);
  const headers = signGeneric(config.WEBHOOK_SECRET ?? '', id, now(), body);
  const answer = await fetch(`${config.PUBLIC_URL}/webhooks/generic`, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body,
    signal: AbortSignal.timeout(WAIT_MS),
  });
  if (!answer.ok) throw new Error(`${config.PUBLIC_URL}/webhooks/generic answered ${answer.status}`);
}

const WAIT_MS = 10_000;

function subjectOf(id: string): string {
  return `Offprint door test ${id}`;
}

/** A report (RFC 3464) that a mail arrived, which changes nothing. */
function mailOf({ address, id }: TestReport): string {
  return [
    'From: MAILER-DAEMON <>',
    `To: <${address}>`,
    `Subject: ${subjectOf(id)}`,
    'Auto-Submitted: auto-generated',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="report"',
    '',
    '--report',
    'Content-Type: text/plain',
    '',
    'This report comes from Offprint itself, to find out whether reports come in.',
    '--report',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; offprint.invalid',
    '',
    'Final-Recipient: rfc822; door-test@example.invalid',
    'Action: delivered',
    'Status: 2.0.0',
    '',
    '--report--',
    '',
  ].join('\r\n');
}
