import { generateKeyPairSync } from 'node:crypto';
import { createTransport, type SendMailOptions } from 'nodemailer';
import type { AskTxt } from '../../src/feedback/signed-from.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const record = `v=DKIM1; k=rsa; p=${rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;

/** With what letters are signed, and under which name the key stands in the DNS. */
export const LETTER_KEY = {
  selector: 's1',
  privateKey: rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
};

/** A name server that knows the key of these domains. */
export function keysOf(...domains: string[]): AskTxt {
  const names = domains.map((domain) => `${LETTER_KEY.selector}._domainkey.${domain}`);
  return (name) =>
    names.includes(name)
      ? Promise.resolve([[record.slice(0, 100), record.slice(100)]])
      : Promise.reject(Object.assign(new Error(name), { code: 'ENOTFOUND' }));
}

/** Writes a letter that asks to leave, signed for a domain as a mail server signs what its people send. */
export async function signedLetter(domainName: string, change: SendMailOptions = {}): Promise<string> {
  const { selector: keySelector, privateKey } = LETTER_KEY;
  const dkim = { domainName, keySelector, privateKey };
  const transport = createTransport({ streamTransport: true, buffer: true, dkim });
  const { message } = await transport.sendMail({
    ...{ from: 'ada@mail.example.org', to: 'leave@digest.example.org', subject: 'unsubscribe', text: 'Please.' },
    ...change,
  });
  return (message as Buffer).toString('latin1');
}
