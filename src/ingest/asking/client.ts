import { lookup as resolve } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import type { Config } from '../../config.ts';
import type { SourceFetch } from '../../context.ts';
import { AppError } from '../../lib/errors.ts';
import { isPublicAddress, isPublicHost } from '../../lib/public-address.ts';

/** Resolves a host name to its addresses. */
export type Lookup = (host: string) => Promise<{ address: string; family: number }[]>;

/** What a client may stand on instead of this machine's name service, and of what is public in the whole world. */
export interface ClientParts {
  lookup?: Lookup;
  isPublic?: (address: string) => boolean;
}

/**
 * Opens the HTTP client of the sources, through the proxy of the settings where there is one. Unless a request may go
 * inside, it goes to public addresses alone: what is a number in the URL is looked at before, since no name is looked
 * up for it; a name as it is connected to, and to the very addresses that were looked at, since it may resolve
 * otherwise the next time. Throws AppError conflict where one is not public. The library is loaded when first used.
 */
export function openClient(
  config: Pick<Config, 'HTTP_PROXY' | 'HTTPS_PROXY' | 'NO_PROXY'>,
  { lookup = (host) => resolve(host, { all: true }), isPublic = isPublicAddress }: ClientParts = {},
): SourceFetch {
  const proxied = Boolean(config.HTTP_PROXY ?? config.HTTPS_PROXY);
  const guarded = guardedLookup(lookup, isPublic);
  const open = async () => {
    const undici = await import('undici');
    const options = {
      httpProxy: config.HTTP_PROXY ?? '',
      httpsProxy: config.HTTPS_PROXY ?? '',
      noProxy: config.NO_PROXY ?? '',
      proxyTunnel: false, // proxies take CONNECT for port 443 alone
      pipelining: 0, // no connection is kept
    };
    const without = new undici.EnvHttpProxyAgent({ ...options, connect: { lookup: guarded } });
    return { undici, within: new undici.EnvHttpProxyAgent(options), without };
  };
  let opened: ReturnType<typeof open> | undefined;
  return async (address, { inside, ...options }) => {
    if (!inside) await refuseInside(new URL(address), { lookup: proxied ? lookup : null, isPublic });
    const { undici, within, without } = await (opened ??= open());
    return undici.fetch(address, { ...options, dispatcher: inside ? within : without });
  };
}

/**
 * Refuses what is not public as it stands. Behind a proxy names are resolved there, so `lookup` asks here as well; one
 * that only the proxy knows is left to it.
 */
async function refuseInside(url: URL, parts: { lookup: Lookup | null; isPublic: (address: string) => boolean }) {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) === 0 ? !isPublicHost(host) : !parts.isPublic(host)) throw inward(url.host);
  if (isIP(host) !== 0 || !parts.lookup) return;
  const addresses = await parts.lookup(host).catch(() => []);
  if (!addresses.every(({ address }) => parts.isPublic(address))) throw inward(url.host);
}

/** Looks a name up for a connection, and refuses it where any of its addresses is not public. */
function guardedLookup(lookup: Lookup, isPublic: (address: string) => boolean): LookupFunction {
  return (host, options, done) => {
    lookup(host).then(
      (addresses) => {
        const [first] = addresses;
        if (!first || !addresses.every(({ address }) => isPublic(address))) done(inward(host), []);
        else if (options.all) done(null, addresses);
        else done(null, first.address, first.family);
      },
      (error: unknown) => done(error as NodeJS.ErrnoException, []),
    );
  };
}

function inward(host: string): AppError {
  return new AppError(
    'conflict',
    `${host} is on this machine or in a network that is not public; expected a public address, or ALLOW_PRIVATE_SOURCES=yes for a source of your own`,
    { said: { name: 'source.private', values: { host } } },
  );
}
