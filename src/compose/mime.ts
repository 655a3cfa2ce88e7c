import type { Headers } from './headers.ts';

/**
 * Writes a mail as one Buffer: headers, then multipart/alternative with the text first and the HTML last (RFC 2046 5.1.4).
 * Both parts come as quoted-printable; everything is ASCII.
 */
export function writeMail(headers: Headers, boundary: string, parts: { text: string; html: string }): Buffer {
  let head = '';
  for (const [name, value] of headers) head += `${name}: ${value}\r\n`;
  return Buffer.from(
    `${head}\r\n--${boundary}\r\n${partHead('text/plain', '; format=flowed')}${parts.text}\r\n--${boundary}\r\n${partHead('text/html', '')}${parts.html}\r\n--${boundary}--\r\n`,
    'latin1',
  );
}

function partHead(type: string, more: string): string {
  return `Content-Type: ${type}; charset=utf-8${more}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;
}
