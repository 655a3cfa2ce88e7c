import type { EncodedPart } from './join.ts';

/** How many octets a mail has, and how to write it. */
export interface WholeMail {
  octets: number;
  write(into: Buffer, at: number): void;
}

/**
 * Puts a mail together: headers, then multipart/alternative with the text first and the HTML last (RFC 2046 5.1.4).
 * Both parts come as quoted-printable, in which no line begins with a dot; everything is ASCII.
 */
export function wholeMail(headers: string, boundary: string, text: EncodedPart, html: EncodedPart): WholeMail {
  const head = `${headers}\r\n--${boundary}\r\n${TEXT_HEAD}`;
  const between = `\r\n--${boundary}\r\n${HTML_HEAD}`;
  const tail = `\r\n--${boundary}--\r\n`;
  return {
    octets: head.length + text.octets + between.length + html.octets + tail.length,
    write(into, at) {
      let end = at + into.write(head, at, 'latin1');
      end = text.write(into, end);
      end += into.write(between, end, 'latin1');
      end = html.write(into, end);
      into.write(tail, end, 'latin1');
    },
  };
}

const TEXT_HEAD = partHead('text/plain', '; format=flowed');
const HTML_HEAD = partHead('text/html', '');

function partHead(type: string, more: string): string {
  return `Content-Type: ${type}; charset=utf-8${more}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;
}
