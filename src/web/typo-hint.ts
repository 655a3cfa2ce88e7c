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
 * Returns the address somebody probably meant, where the domain is one slip (a letter more, less, other, or two
 * swapped) from a common one; else null.
 */
export function probablyMeant(address: string): string | null {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  if (COMMON.includes(domain)) return null;
  const meant = COMMON.find((common) => common.length > 6 && isOneSlip(domain, common));
  return meant ? `${address.slice(0, at)}@${meant}` : null;
}

function isOneSlip(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  const swapped = restA[1] === restB[0] && restA[0] === restB[1] && restA.slice(2) === restB.slice(2);
  return swapped || restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1);
}
