/** Parameters of an address that say what is asked for, not who asks; any other may be a key. */
const HARMLESS = new Set(
  (
    'cat category date day format from id_list lang language limit max_results month offset on order page per_page q query ' +
    'search_query sort sortby sortorder start to topic type week weight year requiretls ignoretls sslmode'
  ).split(' '),
);

const A_DATE = /^\d{4}(-\d{2}){0,2}$/;
/** A piece of a path this long, of letters and digits, that no person would write. */
const RANDOM = /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9_~.-]{24,}$/;
const HIDDEN = '…';

/** An address with a scheme, up to what cannot be part of it; the first group is the scheme. */
const ADDRESS = /\b([a-z][a-z0-9+.-]{1,20}):\/\/[^\s"<>«»\\]+/gi;
/** What a link's token may stand in, however its dots are spelt. */
const RUN = /[\w.%~-]{24,}/g;
/** A secret shorter than this may be part of any word. */
const SHORTEST = 6;

/**
 * Returns an address as it may be shown and kept: without who asks, without what may be a key in its query or path,
 * without its fragment. What is no address at all is hidden whole.
 */
export function shownAddress(address: string): string {
  if (!URL.canParse(address)) return HIDDEN;
  const url = new URL(address);
  const path = url.pathname.split('/').map((part) => (RANDOM.test(part) ? HIDDEN : part));
  const parts = [...url.searchParams].map(([name, value]) => {
    const harmless = HARMLESS.has(name.toLowerCase()) || A_DATE.test(value);
    return `${encodeURIComponent(name)}=${harmless ? encodeURIComponent(value) : HIDDEN}`;
  });
  return `${url.protocol}//${url.host}${path.join('/')}${parts.length > 0 ? `?${parts.join('&')}` : ''}`;
}

/** Returns a text without tokens, without what opens the addresses in it, and without any of the secrets given. */
export function withoutSecrets(text: string, secrets: readonly string[] = []): string {
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text);
  return known.replace(RUN, (run) => (holdsToken(run) ? HIDDEN : run)).replace(ADDRESS, (address) => bare(address));
}

/**
 * Lists secrets as they are written and as they are meant: the ones given, and in addresses the password (or the user,
 * where it stands alone) and long parameters.
 */
export function secretsOf(
  given: readonly (string | undefined)[],
  addresses: readonly (string | undefined)[],
): string[] {
  const opening = addresses.flatMap((address) => {
    if (address === undefined || !URL.canParse(address)) return [];
    const url = new URL(address);
    const alone = url.password === '' && !url.protocol.startsWith('postgres') ? url.username : '';
    const parameters = [...url.searchParams].filter(([name]) => !HARMLESS.has(name.toLowerCase()));
    return [url.password, alone, ...parameters.map(([, value]) => value)];
  });
  const all = [...given, ...opening].flatMap((text) => (text === undefined ? [] : [text, decoded(text)]));
  return [...new Set(all)].filter((text) => text.length >= SHORTEST).sort((a, b) => b.length - a.length);
}

/**
 * Looks for subject, generation and signature of a token, one after the other; per cent signs may be spelt in per cent
 * signs.
 */
function holdsToken(run: string): boolean {
  const parts = decoded(decoded(decoded(run))).split('.');
  return parts.some(
    (part, at) =>
      /^\d{1,9}$/.test(part) &&
      /^[\w-]{6}$/.test((parts[at - 1] ?? '').slice(-6)) &&
      /^[\w-]{12,}/.test(parts[at + 1] ?? ''),
  );
}

/** Undoes per cent signs one by one: one that is broken spoils no other. */
function decoded(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** Keeps the address as it is written wherever it holds nothing to hide; what ends the sentence is no part of it. */
function bare(address: string): string {
  if (!/[@?#]|[A-Za-z0-9_~.-]{24}/.test(address)) return address;
  let end = address.length;
  while (end > 0 && ".,;:!?)]}'".includes(address[end - 1] ?? '')) end--;
  return shownAddress(address.slice(0, end)) + address.slice(end);
}
