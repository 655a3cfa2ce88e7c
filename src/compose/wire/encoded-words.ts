/**
 * Octets of text in one encoded-word: `=?UTF-8?B?` + 4/3 of them + `?=` stays within 75 (RFC 2047 2), and within 76 on
 * its line behind «Subject: ».
 */
const OCTETS = 36;

/**
 * Writes header text as printable ASCII: as it is where it can be, else as encoded-words of whole characters, one a
 * line (RFC 2047).
 */
export function headerText(text: string): string {
  // oxlint-disable-next-line no-control-regex
  const line = text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
  if (/^[ -~]*$/.test(line) && !line.includes('=?')) return line;
  const words: string[] = [];
  let word = '';
  for (const character of line) {
    if (Buffer.byteLength(word + character) > OCTETS) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  words.push(word);
  return words.map((each) => `=?UTF-8?B?${Buffer.from(each).toString('base64')}?=`).join('\r\n ');
}

/** Writes a display name: a quoted string, or encoded-words (RFC 5322 3.2.5). */
export function headerPhrase(name: string): string {
  const written = headerText(name);
  return written.startsWith('=?') ? written : `"${written.replace(/["\\]/g, '\\$&')}"`;
}

/**
 * Folds header text at blanks so that lines stay within 76 where they can (RFC 5322 2.2.3; RFC 2047 2 for lines with
 * encoded-words, and what follows them on the line counts); `used` is the width of the name in front.
 */
export function folded(value: string, used: number): string {
  if (value.length + used <= 76 || !/\s/.test(value)) return value;
  let line = used;
  return value
    .split(/\r\n | /)
    .map((word, at) => {
      if (at > 0 && line + 1 + word.length > 76) {
        line = 1 + word.length;
        return `\r\n ${word}`;
      }
      line += (at > 0 ? 1 : 0) + word.length;
      return at > 0 ? ` ${word}` : word;
    })
    .join('');
}
