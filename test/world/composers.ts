import type { Mail } from '../../src/model/mail.ts';
import type { Composer } from '../../src/model/newsletter.ts';

/** Composes small mails that are real enough for SMTP: for tests of sending, not of composing. */
export function plainComposer(overrides: Partial<Composer> = {}): Composer {
  const compose = (input: { deliveryPublicId: string; email: string }, subject: string): Mail => {
    const messageId = `<${input.deliveryPublicId}@digest.example.org>`;
    const lines = [
      'From: Offprint <papers@digest.example.org>',
      `To: ${input.email}`,
      `Subject: ${subject}`,
      'Date: Mon, 05 Jan 2026 12:00:00 +0000',
      `Message-ID: ${messageId}`,
      '',
      'Hello.',
      '.a line that begins with a dot',
      '',
    ];
    return {
      envelope: { from: 'bounce@digest.example.org', to: input.email },
      messageId,
      raw: Buffer.from(lines.join('\r\n')),
    };
  };
  return {
    newsletter: (input) => compose(input, input.editionKey),
    notice: (input) => compose(input, input.kind),
    page: () => ({ subject: '', html: '', text: '' }),
    sign: (mail) => Promise.resolve(mail),
    ...overrides,
  };
}

/**
 * Composes like plainComposer, mails as long as newsletters that are written to the server as they stand, as all that
 * we compose are.
 */
export function dotlessComposer(): Composer {
  const plain = plainComposer();
  const body = Buffer.from(
    'A line of a newsletter, as long as quoted-printable makes them, and no dot.\r\n'.repeat(600),
  );
  const dotless = (mail: Mail): Mail => {
    const head = mail.raw.subarray(0, mail.raw.indexOf('\r\n\r\n') + 4);
    return { ...mail, raw: Buffer.concat([head, body]), dotless: true };
  };
  return {
    ...plain,
    newsletter: (input) => dotless(plain.newsletter(input)),
    notice: (input) => dotless(plain.notice(input)),
  };
}
