import type { EncodedPart } from './join.ts';

/**
 * Writes a mail as one Buffer: headers, then multipart/alternative with the text first and the HTML last (RFC 2046 5.1.4).
 * Both parts come as quoted-printable; everything is ASCII.
 */
export function writeMail(headers: string, boundary: string, text: EncodedPart, html: EncodedPart): Buffer {
  const head = `${headers}\r\n--${boundary}\r\n${TEXT_HEAD}`;
  const between = `\r\n--${boundary}\r\n${HTML_HEAD}`;
  const tail = `\r\n--${boundary}--\r\n`;
  const mail = Buffer.allocUnsafeSlow(head.length + text.octets + between.length + html.octets + tail.length);
  let end = mail.write(head, 0, 'latin1');
  end = text.write(mail, end);
  end += mail.write(between, end, 'latin1');
  end = html.write(mail, end);
  mail.write(tail, end, 'latin1');
  return mail;
}

const TEXT_HEAD = partHead('text/plain', '; format=flowed');
const HTML_HEAD = partHead('text/html', '');

function partHead(type: string, more: string): string {
  return `Content-Type: ${type}; charset=utf-8${more}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;
}
