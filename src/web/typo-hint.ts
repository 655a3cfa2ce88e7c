/** Where most readers have their mail; a domain one slip away from one of these is probably meant to be it. */
const COMMON = [
  'gmail.com',
  'googlemail.com',
  'outlook.com',
  'hotmail.com',
  'live.com',
  'yahoo.com',
  'icloud.com',
  'proton.me',
  'protonmail.com',
  'gmx.de',
  'gmx.net',
  'web.de',
  'posteo.de',
  'fastmail.com',
  'qq.com',
  '163.com',
  'yandex.ru',
  'orange.fr',
  'aol.com',
];

/**
 * Endings nobody means: slips of the fingers in `.com`, `.net`, `.de`. Any other ending is one that the provider may
 * own, or another of its name.
 */
const SLIPPED_ENDINGS: Readonly<Record<string, readonly string[]>> = {
  com: 'co cm om ocm cmo con cpm xom vom comm coom ccom conm c0m cim clm col ckm cok comn comx'.split(' '),
  net: 'ne nt et ent nte nett neet nnet ner nrt bet met'.split(' '),
  de: 'd ed dd dr ds dw dde dee'.split(' '),
};

/** Those that are a country's too, where short names are all taken. */
const COUNTRIES = new Set(['co', 'cm', 'om', 'ne']);

/**
 * Shorter names are too near to each other: a letter more or less than `live`, `gmx` or `aol` is most often another
 * provider, and no slip.
 */
const SHORTEST_NAME = 5;

/** What lies one slip from a common provider and is one itself, or was made to be taken for what it says. */
const REAL = new Set(['email.com', 'mail.com', 'ymail.com', 'yandex.com', 'outlook.co', 'fastmail.co', 'gmx.co']);

/**
 * Returns the address somebody probably meant, where the domain is one slip from a common one: a letter more, less,
 * other or two swapped in its name, or an ending nobody means; else null. The first letter counts as typed: `ymail`,
 * `tmail` and `mail` are none of them `gmail`.
 */
export function probablyMeant(address: string): string | null {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1).toLowerCase();
  if (COMMON.includes(domain) || REAL.has(domain)) return null;
  const meant = COMMON.find((common) => isSlipOf(domain, common));
  return meant ? `${address.slice(0, at)}@${meant}` : null;
}

function isSlipOf(domain: string, common: string): boolean {
  const [name, ending] = parted(domain);
  const [commonName, commonEnding] = parted(common);
  if (name === commonName) {
    const ownCountry = COUNTRIES.has(ending) && commonName.length < SHORTEST_NAME;
    return !ownCountry && (SLIPPED_ENDINGS[commonEnding]?.includes(ending) ?? false);
  }
  return ending === commonEnding && commonName.length >= SHORTEST_NAME && isOneSlip(name, commonName);
}

function parted(domain: string): [name: string, ending: string] {
  const dot = domain.indexOf('.');
  return [domain.slice(0, dot), domain.slice(dot + 1)];
}

/** One letter more, less, other, or two swapped; another or a missing first letter makes another name. */
function isOneSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  const swapped = restA[1] === restB[0] && restA[0] === restB[1] && restA.slice(2) === restB.slice(2);
  if (swapped || restA.slice(1) === restB) return true;
  return start > 0 && (restA.slice(1) === restB.slice(1) || restA === restB.slice(1));
}
