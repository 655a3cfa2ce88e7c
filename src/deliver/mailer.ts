import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Mailer } from '../model/mail.ts';
import { createOutboxMailer } from './outbox-mailer.ts';
import { createSmtpMailer } from './smtp-mailer.ts';

/** Opens the way out for mail: SMTP_URL, or files in DATA_DIR/outbox where it is unset. */
export function createMailer(config: Config, log: Logger): Mailer {
  const mailer = config.SMTP_URL ? createSmtpMailer(config, config.SMTP_URL) : createOutboxMailer(config);
  const { kind, connections, relays } = mailer;
  log.debug({ kind, connections, relays: relays.map(({ name }) => name) }, 'mailer');
  return mailer;
}
