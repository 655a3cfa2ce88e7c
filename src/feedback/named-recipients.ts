/** What addresses are parted by. */
const TOKEN = /[^\s<>"',;:()[\]{}|=«»“”/\\]+/gu;
const DOMAIN = /^[\p{L}\p{N}._-]+/u;
/** What may stand between the beginning of a line, or a word for it, and an address. */
const AROUND = '*•·>+-<"\'([:=;,. \t';
/** In front of it stands a number, or the code that a server answered. */
const NUMBER_OR_CODE = /^(?:\d\d?|[45]\d\d|[45]\d\d [45]\.\d\.\d\d?\d?)$/;
/** What a report says in front of an address that the mail could not be brought to. */
const CUE =
  /(?:rcpt to|addressed to|(?:final|original)-recipient|recipients?|addresse?s?|envelope-to|user|users|mailbox|account|empf(?:ä|ae)nger(?:s|adresse)?|destinataires?|destinatari[oa]s?|adresse|indirizzo|dirección|odbiorc[ay]|получател[юяь]|宛先|收件人|адрес[ау]?|rfc822)$/iu;
/** Words that lead to a «to» or a «for», a few words before it. */
const BRINGS = /^(?:deliver|undeliver|mail|e-mail|message|sent|post|response|gateway)/;
const TO = new Set(['to', 'for']);
/** Whoever it names here did not get the mail from us. */
const OTHERS =
  /contact|sender|mail from|envelope-from|return-path|reply-to|message-?id|\b(?:cc|date|subject|received|from|by|id|ask)\b|please (?:send|forward|mail|e-?mail|write)|help|assistance|support|question|administrator|postmaster|forwarded|abuse|copy/i;
const OF_SENDER = /(?:sender|from|reply|return)[- ](?:address|path)$/i;
const NAMES_SENDER = /\b(?:sent by|from|sender)$/i;
const DAEMON = /^(?:mailer[-_.]?daemon|post_?master|mail-?daemon|daemon|abuse|hostmaster)$/i;
const SERVER = /^(?:root|no-?reply|do-?not-?reply|mail|mailer|support|help|info-?desk|bounces?)$/i;

/**
 * Returns the addresses that a report says could not be reached: those that stand for themselves or behind a word for
 * it, else those of `failed`, else all that are neither `ours` nor a server's.
 */
export function namedRecipients(
  lines: readonly string[],
  ours: readonly string[],
  failed: readonly string[],
): string[] {
  const strong = new Set<string>();
  const doubtful = new Set<string>();
  const weak = new Set<string>();
  let above = '';
  for (const line of lines) {
    const found = NAMES_SENDER.test(trimmed(above)) ? [] : addressesIn(line);
    if (line.trim() !== '') above = line;
    for (const { address, before } of found) {
      const name = address.slice(0, address.indexOf('@')).split(/[+=]/, 1)[0] ?? '';
      const isOdd = ours.includes(address) || DAEMON.test(name);
      if (isStrong(before)) (isOdd ? doubtful : strong).add(address);
      else if (!isOdd && !OTHERS.test(before.slice(-48)) && !SERVER.test(name)) weak.add(address);
    }
  }
  return [...([strong, new Set(failed), doubtful, weak].find(({ size }) => size > 0) ?? [])];
}

function isStrong(before: string): boolean {
  const words = trimmed(before);
  if (OF_SENDER.test(words)) return false;
  if (words === '' || NUMBER_OR_CODE.test(words) || CUE.test(words)) return true;
  const last = words.toLowerCase().split(/\s/).slice(-5);
  const end = last.at(-1) ?? '';
  return TO.has(end) && last.some((word) => BRINGS.test(trimmed(word)));
}

/** Takes off what surrounds an address. */
function trimmed(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && AROUND.includes(text.charAt(from))) from++;
  while (to > from && AROUND.includes(text.charAt(to - 1))) to--;
  return text.slice(from, to);
}

const LONGEST = 320;

/** Finds the addresses of a line, in small letters, each with what stands before it. */
export function addressesIn(line: string): { address: string; before: string }[] {
  if (!line.includes('@')) return [];
  return [...line.matchAll(TOKEN)].flatMap(({ 0: token, index }) => {
    const at = token.indexOf('@');
    const domain = DOMAIN.exec(token.slice(at + 1, at + 1 + LONGEST))?.[0];
    if (at < 1 || at > 64 || token.startsWith('--') || domain === undefined) return [];
    const address = `${token.slice(0, at)}@${inOneScript(domain)}`.toLowerCase();
    return [{ address, before: line.slice(Math.max(0, index - 120), index) }];
  });
}

/** A domain in ASCII ends where other letters begin, as they do in languages without spaces. */
function inOneScript(domain: string): string {
  const ascii = /^[!-~]+/.exec(domain)?.[0] ?? '';
  const name = ascii.includes('.') ? ascii : domain;
  let end = name.length;
  while (name.charAt(end - 1) === '.') end--;
  return name.slice(0, end);
}
