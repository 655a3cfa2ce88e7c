/**
 * Longest line before its soft break, in octets: RFC 2045 6.7(5) allows 76 with the `=`, and a final blank may still
 * grow by two.
 */
const LINE = 73;

/** Octets of a soft break. */
const SOFT_BREAK = 3;

const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const BLANK = 32;
const DOT = 46;
const EQUALS = 61;
const CAPITAL_F = 70;
const TILDE = 126;

/** Nothing to escape but a sign in front of a line: addresses, most words. */
const PLAIN = /^[!-<>-~](?:[ -<>-~]*[!-<>-~])?$/;

const DIGITS = Buffer.from('0123456789ABCDEF');

/**
 * Encodes a piece of text as quoted-printable (RFC 2045 6.7) so that pieces can be joined without looking inside: it
 * begins on a new line and ends with one (a soft break, unless the piece ends a line itself). No line starts with a dot
 * (SMTP would double it) or with `From ` (mbox files would quote it). Written into a Buffer, since a string grown
 * letter by letter stays a tree of letters that is walked again each time it is sent: 1 ms a mail against 0.03.
 */
export function encodePiece(text: string): Buffer {
  const plain = PLAIN.test(text) ? encodePlain(text) : null; // of Latin letters alone, as links are
  if (plain) return plain;
  const octets = Buffer.from(text.replace(/\r\n?/g, '\n'), 'utf8');
  // =XX for each, a soft break for every 73.
  const line: Line = { encoded: Buffer.allocUnsafe(octets.length * 4 + 8), start: 0, end: 0 };
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at] ?? 0;
    if (octet === NEWLINE) hardBreak(line);
    else put(line, octet, octet === CAPITAL_F && octets.toString('latin1', at, at + 5) === 'From ');
  }
  if (line.end > line.start) softBreak(line);
  return Buffer.from(line.encoded.subarray(0, line.end)); // of its own size
}

/** The line that is being written, from `start` to `end` of what was encoded so far. */
interface Line {
  encoded: Buffer;
  start: number;
  end: number;
}

/** Writes one octet, as it is or escaped. */
function put(line: Line, octet: number, opensFrom: boolean): void {
  const plain = (octet >= BLANK && octet <= TILDE && octet !== EQUALS) || octet === TAB;
  if (line.end - line.start + (plain ? 1 : 3) > LINE) softBreak(line);
  const quoted = line.end === line.start && (octet === DOT || opensFrom);
  if (plain && !quoted) line.encoded[line.end++] = octet;
  else escape(line, octet);
}

function escape(line: Line, octet: number): void {
  line.encoded[line.end++] = EQUALS;
  line.encoded[line.end++] = DIGITS[octet >> 4] ?? 0;
  line.encoded[line.end++] = DIGITS[octet & 15] ?? 0;
}

function softBreak(line: Line): void {
  line.encoded[line.end++] = EQUALS;
  endLine(line);
}

/** Ends a line of the text itself; a blank at its end would be lost on the way, and is escaped. */
function hardBreak(line: Line): void {
  const last = line.end > line.start ? (line.encoded[line.end - 1] ?? 0) : 0;
  if (last === BLANK || last === TAB) {
    line.end--;
    escape(line, last);
  }
  endLine(line);
}

function endLine(line: Line): void {
  line.encoded[line.end++] = RETURN;
  line.encoded[line.end++] = NEWLINE;
  line.start = line.end;
}

/** Encodes signs that stand for themselves; null where one does not, in front of a line. */
function encodePlain(text: string): Buffer | null {
  const encoded = Buffer.allocUnsafe(text.length + SOFT_BREAK * Math.ceil(text.length / LINE));
  let end = 0;
  for (let from = 0; from < text.length; from += LINE) {
    if (text.charCodeAt(from) === DOT || text.startsWith('From ', from)) return null;
    const to = Math.min(from + LINE, text.length);
    for (let at = from; at < to; at++) encoded[end++] = text.charCodeAt(at);
    encoded[end++] = EQUALS;
    encoded[end++] = RETURN;
    encoded[end++] = NEWLINE;
  }
  return encoded;
}
