import { createHmac } from 'node:crypto';
import PostalMime from 'postal-mime';

/** How many are done before it counts. */
const WARM = 500;

/** How many mails a second `postal-mime` alone reads, one after the other. */
export async function postalMimeAlone(mails: readonly string[]): Promise<number> {
  const bytes = mails.map((mail) => Buffer.from(mail));
  for (const each of bytes.slice(0, WARM)) await PostalMime.parse(each);
  const from = performance.now();
  for (const each of bytes) await PostalMime.parse(each);
  return mails.length / ((performance.now() - from) / 1_000);
}

/** How many events a second JSON.parse and an HMAC over the body read, one body after the other. */
export function jsonAndHmacAlone(bodies: readonly string[], each: number): number {
  const bytes = bodies.map((body) => Buffer.from(body));
  const read = (body: Buffer) => {
    createHmac('sha256', 'key').update(body).digest('hex');
    JSON.parse(body.toString('utf8'));
  };
  bytes.slice(0, WARM).forEach(read);
  const from = performance.now();
  bytes.forEach(read);
  return (bodies.length * each) / ((performance.now() - from) / 1_000);
}
