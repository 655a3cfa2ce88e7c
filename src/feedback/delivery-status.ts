/** One group of fields of a delivery report: what it says of the mail, or of one recipient. */
export type Fields = ReadonlyMap<string, string>;

/** What a report says of one recipient (RFC 3464 2.3). */
export interface StatusOfRecipient {
  address: string;
  action: string;
  status: string | null;
  diagnostic: string;
  /** The server that reports. */
  reporter: string;
}

const NAME = /^[A-Za-z][\w-]*$/;
const LONGEST_NAME = 64;
const MOST_LINES = 2_000;
const MOST_VALUE = 4_000;

/**
 * Reads fields in groups that blank lines part (RFC 3464 2.1.3, RFC 5965 3); of two equal names the first counts. Some
 * servers write one recipient behind the other with no blank line.
 */
export function fieldGroups(text: string): Fields[] {
  const groups = [new Map<string, string>()];
  let name = '';
  for (const line of text.split('\n', MOST_LINES)) {
    const colon = line.slice(0, LONGEST_NAME).indexOf(':');
    const key = colon === -1 ? '' : line.slice(0, colon).trimEnd();
    const small = NAME.test(key) ? key.toLowerCase() : undefined;
    const value = line.slice(colon + 1);
    const group = groups.at(-1) ?? new Map<string, string>();
    if (line.trim() === '' || (small === 'final-recipient' && group.has(small))) groups.push(new Map<string, string>());
    if (small !== undefined) {
      const into = groups.at(-1) ?? group;
      name = into.has(small) ? '' : small;
      if (name !== '') into.set(name, value.trim());
    } else if (line.trim() === '') name = '';
    else if (name !== '') continueField(group, name, line);
  }
  return groups.filter(({ size }) => size > 0);
}

function continueField(group: Map<string, string>, name: string, line: string): void {
  const before = group.get(name) ?? '';
  if (before.length < MOST_VALUE) group.set(name, `${before} ${line.trim()}`);
}

const STATUS = /\b([245]\.\d{1,3}\.\d{1,3})\b/;
const TYPED = /^[\w-]{1,20}\s{0,4};\s{0,4}/;
const ADDRESS = /[^\s<>"',;:()[\]@]{1,64}@[\p{L}\p{N}._-]{1,250}/u;

/** Reads what a delivery report says of each recipient. */
export function statusesOf(text: string): StatusOfRecipient[] {
  const groups = fieldGroups(text);
  const reporter = groups.map((group) => group.get('reporting-mta')).find((each) => each !== undefined) ?? '';
  return groups.flatMap((group) => {
    const named = ['final-recipient', 'original-recipient', 'x-actual-recipient'].map((name) => group.get(name) ?? '');
    const address = named.find(isWhole) ?? named.find((each) => addressIn(each) !== null) ?? '';
    const whom = addressIn(address);
    if (whom === null) return [];
    const diagnostic = (group.get('diagnostic-code') ?? '').replace(TYPED, '');
    return [
      {
        address: whom,
        action: (group.get('action') ?? '').toLowerCase(),
        status: STATUS.exec(group.get('status') ?? '')?.[1] ?? null,
        diagnostic,
        reporter,
      },
    ];
  });
}

/** Is it an address that goes straight to a domain: no route, no machine's own name? */
function isWhole(value: string): boolean {
  const [, domain, ...others] = value.split('@');
  return domain?.includes('.') === true && others.length === 0;
}

/** Returns the address that a field holds, in small letters. */
export function addressIn(value: string): string | null {
  return ADDRESS.exec(value)?.[0].replace(/\.$/, '').toLowerCase() ?? null;
}
