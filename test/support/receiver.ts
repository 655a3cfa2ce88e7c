import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** A real mail server that keeps what it takes, as mails to read. */
export interface Receiver {
  url: string;
  mails: Email[];
  stop: () => Promise<void>;
}

/** Starts a mail server for tests that read the mails of whole journeys. */
export async function startReceiver(): Promise<Receiver> {
  const mails: Email[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, _session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
          mails.push(mail);
          done();
        }, done);
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Reads a header of a mail; empty where it has none. */
export function headerOf(mail: Email, name: string): string {
  return mail.headers.find(({ key }) => key === name.toLowerCase())?.value ?? '';
}

/** Finds the link to a page in a mail's text; throws where there is none. */
export function linkIn(mail: Email, path: string): string {
  const found = new RegExp(`http://localhost:\\d+/${path}/[\\w.-]+`).exec(mail.text ?? '');
  if (!found) throw new Error(`no /${path}/ link in «${mail.subject}»:\n${mail.text}`);
  return found[0];
}
