import system from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import { oneLine } from '../../lib/errors.ts';
import { problem, type Check } from './check.ts';

/** Asks the name service; a name or kind of record that is not there is an empty list. */
export interface AskDns {
  txt(name: string): Promise<string[]>;
  mx(name: string): Promise<string[]>;
  addresses(name: string): Promise<string[]>;
  names(address: string): Promise<string[]>;
  /** Whether anything was answered so far. */
  answers(): boolean;
}

/** What says that there is nothing, and that is an answer. */
const NOTHING = new Set(['ENOTFOUND', 'ENODATA', 'NOTFOUND', 'NODATA']);

/**
 * Opens the name service of this machine, or the one at `server` (`192.0.2.53`, `127.0.0.1:5353`). Where that serves
 * some domains alone and refuses a name which is not our own, the service of this machine is asked.
 */
export function openDns(server?: string, isOwn: (name: string) => boolean = () => true): AskDns {
  const resolver = resolverAt(server === undefined ? null : [server]);
  let heard = false;
  const some = async <T>(by: Resolver, name: string, question: (by: Resolver) => Promise<T[]>): Promise<T[]> => {
    try {
      const found = await question(by);
      heard = true;
      return found;
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code === 'EREFUSED' && by === resolver && server !== undefined && !isOwn(name))
        return some(resolverAt(system.getServers()), name, question);
      if (!NOTHING.has(code)) throw error;
      heard = true;
      return [];
    }
  };
  const ask = <T>(name: string, question: (by: Resolver) => Promise<T[]>) => some(resolver, name, question);
  return {
    txt: async (name) => (await ask(name, (by) => by.resolveTxt(name))).map((parts) => parts.join('')),
    mx: async (name) =>
      (await ask(name, (by) => by.resolveMx(name)))
        .sort((a, b) => a.priority - b.priority)
        .map(({ exchange }) => exchange),
    addresses: async (name) => [
      ...(await ask(name, (by) => by.resolve4(name))),
      ...(await ask(name, (by) => by.resolve6(name))),
    ],
    names: async (address) => {
      const name = nameOfAddress(address); // `reverse` takes a fault for nothing, and reads /etc/hosts
      return (await ask(name, (by) => by.resolvePtr(name))).map((found) => found.replace(/\.$/, '').toLowerCase());
    },
    answers: () => heard,
  };
}

/** Null: those of this machine. */
function resolverAt(servers: string[] | null): Resolver {
  const resolver = new Resolver({ timeout: 3_000, tries: 2 });
  if (servers !== null) resolver.setServers(servers);
  return resolver;
}

/** RFC 1035 3.5, RFC 3596 2.5. */
function nameOfAddress(address: string): string {
  if (!isIPv6(address)) return `${address.split('.').reverse().join('.')}.in-addr.arpa`;
  const [left = [], right = []] = address.split('::').map((half) => half.split(':').filter((part) => part !== ''));
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  const digits = [...left, ...zeros, ...right].map((part) => part.padStart(4, '0')).join('');
  return `${[...digits].reverse().join('.')}.ip6.arpa`;
}

/** Notes that the name service gave no answer, so that nobody knows how something stands. */
export function unanswered(name: Check['name'], error: unknown, about: string): Check {
  const says = `the name service does not say: ${oneLine(error)}`;
  return problem(name, says, 'look at the name servers of that domain, or ask another by --dns', about);
}
