import type { Meters } from '../context.ts';
import type { Mail, MailConnection, Mailer, Relay } from '../model/mail.ts';

/** Where a header ends, at the latest: ours are shorter. */
const HEADER_BYTES = 8_192;

/**
 * Lets what goes out through a mailer be counted, by server, answer and time. Newsletters alone: a number that moved
 * with what a form causes would tell what is known of the address in it.
 */
export function measuredMailer(mailer: Mailer, meters: Meters): Mailer {
  return { ...mailer, relays: mailer.relays.map((relay) => measuredRelay(relay, meters)) };
}

function measuredRelay(relay: Relay, meters: Meters): Relay {
  return { ...relay, connect: async () => measuredConnection(await relay.connect(), relay.name, meters) };
}

function measuredConnection(connection: MailConnection, relay: string, meters: Meters): MailConnection {
  return {
    ...(connection.usable && { usable: () => connection.usable?.() ?? true }),
    close: () => connection.close(),
    send: async (mail) => {
      const counts = isNewsletter(mail); // asked now: its memory goes to another mail
      const started = performance.now();
      const result = await connection.send(mail);
      const seconds = (performance.now() - started) / 1_000;
      if (counts) meters.tried({ relay, outcome: result.outcome, seconds });
      return result;
    },
  };
}

/** Newsletters alone bear List-Id (RFC 2919). */
function isNewsletter({ raw }: Mail): boolean {
  const head = raw.subarray(0, HEADER_BYTES);
  const [at, end] = [head.indexOf('\r\nList-Id:'), head.indexOf('\r\n\r\n')];
  return at !== -1 && (end === -1 || at < end);
}
