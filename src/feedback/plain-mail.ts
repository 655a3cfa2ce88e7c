import { isAscii } from 'node:buffer';
import { addressParser, decodeWords, type Email } from 'postal-mime';

/** What of a parsed mail a report is read from. */
export interface ParsedMail extends Pick<Email, 'from' | 'to' | 'subject' | 'text' | 'html'> {
  headers: readonly { key: string; value: string }[];
  attachments: readonly { mimeType: string; content: string | ArrayBuffer | Uint8Array }[];
}

/** A mail or a part of one: its header, and the lines behind it. */
interface Entity {
  headers: { key: string; value: string }[];
  type: string;
  boundary: string | null;
  lines: readonly string[];
}

const NAMED = /^[!-9;-~]{1,76}:/;
const TYPE = /^([a-z]+\/[a-z0-9-]+)((?:\s{0,8};\s{0,8}[a-z-]{1,40}=(?:"[^"\\()]*"|[^\s"\\();=]+))*)\s{0,8};?$/i;
const PARAMETER = /;\s{0,8}([a-z-]{1,40})=(?:"([^"\\()]*)"|([^\s"\\();=]+))/gi;
const MULTIPART = 'multipart/report';
const TEXT = 'text/plain';
const DATA = ['message/delivery-status', 'message/feedback-report', 'message/rfc822', 'text/rfc822-headers'];
/** What is ASCII is the same in each of these. */
const CHARSETS = ['us-ascii', 'utf-8', 'iso-8859-1', 'iso-8859-15', 'windows-1252'];
const AS_IT_STANDS = ['7bit', '8bit', 'binary'];
/** Whatever else a report says of a part is for the parser of all mails. */
const PARAMETERS = ['report-type', 'boundary', 'charset', 'name'];

/**
 * Reads a mail as most servers write their reports: ASCII, a text or a `multipart/report` of texts and data, nothing
 * encoded, every line of a header with its name. Null of any other, which is for the parser of all mails; where it is
 * read, that one reads the same.
 */
export function readPlainMail(raw: Uint8Array): ParsedMail | null {
  if (!isAscii(raw)) return null;
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString('latin1').replaceAll('\r\n', '\n');
  if (text.includes('\r')) return null;
  const mail = entityOf((text.endsWith('\n') ? text.slice(0, -1) : text).split('\n'));
  if (mail?.type !== MULTIPART && mail?.type !== TEXT) return null;
  const parts = mail.type === MULTIPART ? partsOf(mail) : [mail];
  if (!parts?.every(({ type }) => type === TEXT || DATA.includes(type))) return null;
  const values = (name: string) => mail.headers.flatMap(({ key, value }) => (key === name && value ? [value] : []));
  const first = (name: string) => mail.headers.find(({ key }) => key === name)?.value;
  const from = addressParser(first('from') ?? '')[0];
  const subject = first('subject');
  return {
    headers: mail.headers,
    ...(from && { from }),
    to: values('to').flatMap((value) => addressParser(value)),
    ...(subject && { subject: decodeWords(subject) }),
    text: parts.flatMap(({ type, lines }) => (type === TEXT ? [linesOf(lines)] : [])).join('\n'),
    attachments: parts.flatMap(({ type, lines }) =>
      type === TEXT ? [] : [{ mimeType: type, content: linesOf(lines) }],
    ),
  };
}

function linesOf(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Reads the header of a mail or a part; null where it holds anything but plain fields. */
function entityOf(lines: readonly string[]): Entity | null {
  const blank = lines.indexOf('');
  const end = blank === -1 ? lines.length : blank;
  const fields: string[] = [];
  for (const line of lines.slice(0, end)) {
    const isFolded = line.startsWith(' ') || line.startsWith('\t');
    if (isFolded && fields.length > 0) fields.push(`${fields.pop()}${line}`);
    else if (NAMED.test(line)) fields.push(line);
    else return null;
  }
  const headers = fields.map((field) => {
    const colon = field.indexOf(':');
    return { key: field.slice(0, colon).toLowerCase(), value: trimmed(field.slice(colon + 1)) };
  });
  const content = contentOf(headers);
  return content && { headers, ...content, lines: lines.slice(end + 1) };
}

/** Blanks of a header are spaces and tabs alone (RFC 5322 3.2.2). */
function trimmed(value: string): string {
  let [from, to] = [0, value.length];
  while (value[from] === ' ' || value[from] === '\t') from++;
  while (to > from && (value[to - 1] === ' ' || value[to - 1] === '\t')) to--;
  return value.slice(from, to);
}

function contentOf(headers: Entity['headers']): Pick<Entity, 'type' | 'boundary'> | null {
  const first = (name: string) => headers.find(({ key }) => key === name)?.value;
  if (first('content-disposition') !== undefined) return null;
  if (!AS_IT_STANDS.includes((first('content-transfer-encoding') ?? '7bit').toLowerCase())) return null;
  const [, type = '', written = ''] = TYPE.exec(first('content-type') ?? TEXT) ?? [];
  const given = [...written.matchAll(PARAMETER)].map(([, name = '', quoted, bare]) => [
    name.toLowerCase(),
    quoted ?? bare,
  ]);
  const parameters = new Map(given as [string, string][]);
  if (type === '' || parameters.size < given.length) return null;
  if (![...parameters.keys()].every((name) => PARAMETERS.includes(name))) return null;
  if (!CHARSETS.includes((parameters.get('charset') ?? 'us-ascii').toLowerCase())) return null;
  return { type: type.toLowerCase(), boundary: parameters.get('boundary') ?? null };
}

/** Takes a mail of several parts apart (RFC 2046 5.1.1); null where one of them is not plain. */
function partsOf({ boundary, lines }: Entity): Entity[] | null {
  if (!boundary) return null;
  const parts: Entity[] = [];
  let begin = -1;
  for (const [at, line] of [...lines, `--${boundary}--`].entries()) {
    if (!line.startsWith('--') || !line.startsWith(boundary, 2)) continue;
    const behind = line.slice(boundary.length + 2);
    const rest = behind.startsWith('--') ? behind.slice(2) : behind;
    if (trimmed(rest) !== '') continue;
    if (begin !== -1) {
      const part = entityOf(lines.slice(begin, at));
      if (!part || part.boundary !== null) return null;
      parts.push(part);
    }
    if (behind.startsWith('--')) return parts;
    begin = at + 1;
  }
  return parts;
}
