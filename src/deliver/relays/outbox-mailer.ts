import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import { messageOf } from '../../lib/errors.ts';
import type { Mail, MailConnection, Mailer, SendResult } from '../../model/mail.ts';

/** Files written at once. */
const CONNECTIONS = 4;

/**
 * Opens the way out used while SMTP_URL is unset: each mail becomes a file in DATA_DIR/outbox, for the /outbox page.
 */
export function createOutboxMailer(config: Config): Mailer {
  const folder = join(config.DATA_DIR, 'outbox');
  return {
    kind: 'outbox',
    connections: Math.min(config.SEND_CONNECTIONS, CONNECTIONS),
    relays: [{ name: 'outbox', weight: 1, connect: () => openFolder(folder) }],
  };
}

async function openFolder(folder: string): Promise<MailConnection> {
  await mkdir(folder, { recursive: true, mode: 0o700 }); // the mails in it hold links that work
  return { send: (mail) => writeMail(folder, mail), close: () => Promise.resolve() };
}

/**
 * Names a mail's file so that names sort by its Date: `20251231T080000Z-<left part of the Message-ID>.eml`. The same
 * mail always has the same name, so sending it again replaces it; no address is in it.
 */
export function outboxFileName(mail: Mail): string {
  const date = new Date(/^date: *(.+?)\r?$/im.exec(mail.raw.toString('latin1', 0, 8_192))?.[1] ?? '');
  const when = Number.isNaN(date.getTime()) ? '00000000T000000Z' : date.toISOString().replace(/[-:]|\.\d+/g, '');
  return `${when}-${mail.messageId.replace(/^<|@[^]*$/g, '').replace(/[^A-Za-z0-9._-]/g, '_')}.eml`;
}

async function writeMail(folder: string, mail: Mail): Promise<SendResult> {
  const name = outboxFileName(mail);
  const unfinished = join(folder, `.${name}.tmp`);
  try {
    const file = await open(unfinished, 'w', 0o600);
    try {
      await file.writeFile(mail.raw);
    } finally {
      await file.close();
    }
    await rename(unfinished, join(folder, name));
    mail.free?.();
    return { outcome: 'accepted', reply: `250 written to outbox/${name}` };
  } catch (error) {
    return { outcome: 'lost', handedOver: false, problem: messageOf(error), stage: 'data' };
  }
}
