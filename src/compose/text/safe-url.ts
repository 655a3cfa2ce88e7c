/** Longest address linked to, in characters. */
const MAX_URL = 2000;

/**
 * Returns an address that a mail may link to, as pure ASCII, or null: http and https only, a host with a dot in it, no
 * user name, no port of its own. A host in another script is shown by its xn-- form, so that it cannot pass for one
 * that it is not.
 */
export function safeUrl(text: string | null): string | null {
  if (!text || text.length > MAX_URL) return null;
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return null;
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  if (url.username || url.password || url.port || !/\.[a-z][a-z0-9-]*$/i.test(url.hostname)) return null;
  const href = url.href.replace(
    /[\s"'<>\\^`{|}]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return href.length <= MAX_URL ? href : null;
}
