import { Resolver } from 'node:dns/promises';

/** Asks the name service; a name or kind of record that is not there is an empty list. */
export interface AskDns {
  txt(name: string): Promise<string[]>;
  mx(name: string): Promise<string[]>;
  addresses(name: string): Promise<string[]>;
  names(address: string): Promise<string[]>;
}

/** What says that there is nothing, and that is an answer. */
const NOTHING = new Set(['ENOTFOUND', 'ENODATA', 'NOTFOUND', 'NODATA']);

/** Opens the name service of this machine, or the one at `server` (`192.0.2.53`, `127.0.0.1:5353`). */
export function openDns(server?: string): AskDns {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  if (server !== undefined) resolver.setServers([server]);
  const some = async <T>(asked: Promise<T[]>): Promise<T[]> => {
    try {
      return await asked;
    } catch (error) {
      if (NOTHING.has((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  };
  return {
    txt: async (name) => (await some(resolver.resolveTxt(name))).map((parts) => parts.join('')),
    mx: async (name) =>
      (await some(resolver.resolveMx(name))).sort((a, b) => a.priority - b.priority).map(({ exchange }) => exchange),
    addresses: async (name) => [...(await some(resolver.resolve4(name))), ...(await some(resolver.resolve6(name)))],
    names: async (address) =>
      (await some(resolver.reverse(address))).map((name) => name.replace(/\.$/, '').toLowerCase()),
  };
}
