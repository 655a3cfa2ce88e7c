import { createHash, createPrivateKey, sign, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from '../../config.ts';
import { AppError, messageOf } from '../../lib/errors.ts';
import { fromHome } from '../../package.ts';

/** A key that signs mail, parsed once: parsing the PEM again for each mail costs more than twice the signature. */
export interface DkimKey {
  algorithm: 'rsa-sha256' | 'ed25519-sha256';
  domain: string;
  selector: string;
  key: KeyObject;
  /** Fields it does not sign, since the mail server writes its own. */
  leaveOut?: readonly string[];
}

/**
 * Fields that are signed where they stand (RFC 6376 5.4.1; RFC 8058 4 asks for both unsubscribe fields). Those named
 * twice are named once more than they stand, so that none can be added: programs may show the first of two, and
 * signatures cover the last (RFC 6376 5.4.2, 8.15). The others fool nobody, and lists and providers add their own to
 * what they pass on.
 */
const NAMED_TWICE =
  'from reply-to to subject date message-id list-unsubscribe list-unsubscribe-post mime-version content-type'.split(
    ' ',
  );
const NAMED_ONCE = 'list-id list-help list-post auto-submitted feedback-id'.split(' ');
const SIGNED = [...NAMED_TWICE, ...NAMED_ONCE];

/**
 * Reads the DKIM keys of the settings, RSA first; none where DKIM is not set up. Throws AppError naming what is wrong
 * with a file.
 */
export function loadDkimKeys(config: Config): DkimKey[] {
  const { DKIM_DOMAIN: domain, DKIM_SELECTOR: selector, DKIM_KEY_FILE: file } = config;
  if (!domain || !selector || !file) return [];
  const { DKIM_ED25519_SELECTOR: second, DKIM_ED25519_KEY_FILE: secondFile } = config;
  const { DKIM_LEAVE_OUT: leaveOut } = config;
  return [
    { ...readDkimKey(file), domain, selector, leaveOut },
    ...(second && secondFile ? [{ ...readDkimKey(secondFile), domain, selector: second, leaveOut }] : []),
  ];
}

function readDkimKey(file: string): Pick<DkimKey, 'algorithm' | 'key'> {
  let key: KeyObject;
  try {
    key = createPrivateKey(readFileSync(fromHome(file)));
  } catch (error) {
    throw new AppError('bad-input', `DKIM key ${file}: ${messageOf(error)}; expected a private key in PEM form`, {
      cause: error,
    });
  }
  if (key.asymmetricKeyType === 'ed25519') return { algorithm: 'ed25519-sha256', key };
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' || bits < 1024) {
    throw new AppError(
      'bad-input',
      `DKIM key ${file}: expected RSA of 1024 bits or more (RFC 8301 3.2), 2048 advised, or Ed25519`,
    );
  }
  return { algorithm: 'rsa-sha256', key };
}

/** Returns the octets that signatures take at most, where no name is beyond all measure. */
export function roomFor(keys: readonly DkimKey[]): number {
  return keys.reduce((octets, { key }) => octets + 1_024 + (key.asymmetricKeyDetails?.modulusLength ?? 0) / 4, 0);
}

/**
 * Returns the header fields that sign a mail with each key, c=relaxed/simple over the bytes as they are (relaxing the
 * body would cost more than the hash). No time stamp: the same mail has the same signature.
 */
export function signatureFields(mail: Buffer, keys: readonly DkimKey[]): string {
  const end = mail.indexOf('\r\n\r\n');
  const fields = relaxedFields(mail.toString('latin1', 0, end));
  const bodyHash = createHash('sha256')
    .update(mail.subarray(end + 4))
    .digest('base64');
  return keys.map((key) => signature(key, fields, bodyHash)).join('');
}

function signature(dkim: DkimKey, fields: ReadonlyMap<string, string>, bodyHash: string): string {
  const standing = SIGNED.filter((name) => fields.has(name) && !dkim.leaveOut?.includes(name));
  const names = standing.flatMap((name) => (NAMED_TWICE.includes(name) ? [name, name] : [name]));
  const head = `v=1; a=${dkim.algorithm}; c=relaxed/simple; d=${dkim.domain}; s=${dkim.selector};`;
  const unsigned = `${head}\r\n h=${foldedNames(names)};\r\n bh=${bodyHash};\r\n b=`;
  // A name that is repeated has no second field: it is signed as absent (RFC 6376 5.4.2).
  const text = standing.map((name) => `${fields.get(name) ?? ''}\r\n`).join('') + relaxed('dkim-signature', unsigned);
  const value = signText(dkim, Buffer.from(text, 'latin1'));
  return `DKIM-Signature: ${unsigned}${foldedValue(value)}\r\n`;
}

/** Ed25519 signs the hash of the text (RFC 8463 3). */
function signText(dkim: DkimKey, text: Buffer): string {
  const rsa = dkim.algorithm === 'rsa-sha256';
  const data = rsa ? text : createHash('sha256').update(text).digest();
  return sign(rsa ? 'sha256' : null, data, dkim.key).toString('base64');
}

const LINE_OF_ITS_OWN = /\r\n(?![ \t])/;

/** Reads the header fields in relaxed form (RFC 6376 3.4.2) by their names; each name stands once in our mails. */
function relaxedFields(head: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const field of head.split(LINE_OF_ITS_OWN)) {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon).toLowerCase();
    fields.set(name, relaxed(name, field.slice(colon + 1)));
  }
  return fields;
}

function relaxed(name: string, value: string): string {
  return `${name}:${value.replace(/[ \t\r\n]+/g, ' ').trim()}`;
}

/** Names, in lines of at most 66 characters. */
function foldedNames(names: readonly string[]): string {
  let folded = '';
  let line = 0;
  for (const name of names) {
    if (folded !== '') folded += ':';
    if (line > 0 && line + name.length > 66) {
      folded += '\r\n  ';
      line = 0;
    }
    folded += name;
    line += name.length + 1;
  }
  return folded;
}

function foldedValue(value: string): string {
  let folded = value.slice(0, 72);
  for (let at = 72; at < value.length; at += 72) folded += `\r\n ${value.slice(at, at + 72)}`;
  return folded;
}
