import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import type { Mailer } from '../../model/mail.ts';
import { createOutboxMailer } from './outbox-mailer.ts';

/**
 * Opens the way out for mail: SMTP_URL, with the modules that speak SMTP, or files in DATA_DIR/outbox where it is
 * unset.
 */
export async function createMailer(config: Config, log: Logger): Promise<Mailer> {
  const mailer = config.SMTP_URL
    ? (await import('./smtp-mailer.ts')).createSmtpMailer(config, config.SMTP_URL)
    : createOutboxMailer(config);
  const { kind, connections, relays } = mailer;
  log.debug({ kind, connections, relays: relays.map(({ name }) => name) }, 'mailer');
  return mailer;
}
