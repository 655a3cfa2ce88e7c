import type { FetchMessageObject, FetchQueryObject, ImapFlow } from 'imapflow';
import { isLoopback } from '../../lib/public-address.ts';
import type { ImapMailbox } from '../../model/imap-mailbox.ts';
import { imapCertificateFault } from './imap-faults.ts';
import { uidSets } from './uid-sets.ts';

/** One connection to a mailbox; whatever it cannot do rejects, and it is to be opened anew then. */
export interface ImapConnection {
  /** Names this life of the mailbox: its numbers mean the same while this does (UIDVALIDITY, RFC 9051 2.3.1.1). */
  validity: () => string;
  /** Lists the numbers of the mails in it, the oldest first. */
  list: () => Promise<number[]>;
  /** Tells how many bytes each has; one that has gone is left out. */
  sizes: (uids: readonly number[]) => Promise<Map<number, number>>;
  /** Reads the first `most` bytes of each. */
  read: (uids: readonly number[], most: number) => Promise<Map<number, Buffer>>;
  /** Puts a mail into it. */
  append: (mail: string) => Promise<void>;
  /** Moves mails to a folder. */
  move: (uids: readonly number[], folder: string) => Promise<void>;
  /** Waits until something comes, so many milliseconds at most; rejects where the connection breaks. */
  news: (mostMs: number) => Promise<void>;
  close: () => void;
}

/** How long a server may be silent, in milliseconds. */
const CONNECT_MS = 30_000;
const SILENT_MS = 120_000;
/** No line that a server sends us is longer. */
const LONGEST_LINE = 4 * 1024 * 1024;

/** Opens a connection to a mailbox, with its folders; rejects where it cannot be had. `ending` closes it. */
export async function connectImap(
  mailbox: ImapMailbox,
  folders: readonly string[],
  ending: AbortSignal,
): Promise<ImapConnection> {
  const { ImapFlow } = await import('imapflow');
  const { host, port, secure, user, password: pass } = mailbox;
  const isHere = host === 'localhost' || isLoopback(host);
  const client = new ImapFlow({
    ...{ host, port, secure, auth: { user, pass }, logger: false },
    ...(!secure && { doSTARTTLS: !isHere }),
    disableAutoIdle: true,
    ...{ connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: SILENT_MS },
    maxLineLength: LONGEST_LINE,
  });
  const watch = watchOver(client);
  const end = () => client.close();
  ending.addEventListener('abort', end, { once: true });
  client.once('close', () => ending.removeEventListener('abort', end));
  try {
    await client.connect();
    await client.mailboxOpen(mailbox.path);
    const paths = new Map<string, string>();
    for (const folder of folders) paths.set(folder, await folderAt(client, folder));
    return connectionOf(client, watch, paths);
  } catch (error) {
    client.close();
    const fault = imapCertificateFault(error, mailbox); // what is heard first of it is that the connection was closed
    throw fault === null ? (watch.problem() ?? error) : new Error(fault, { cause: error });
  }
}

/** Where a folder is told from its name: a server may have a prefix and a mark of its own. */
async function folderAt(client: ImapFlow, folder: string): Promise<string> {
  try {
    return (await client.mailboxCreate(folder.split('/'))).path;
  } catch (error) {
    if ((error as { responseStatus?: unknown }).responseStatus !== 'NO') throw error;
    const known = (await client.list()).find(
      ({ path, delimiter }) => path.split(delimiter).slice(-2).join('/') === folder,
    );
    if (!known) throw error;
    return known.path;
  }
}

/** What is known of a connection between two commands. */
interface Watch {
  problem: () => Error | null;
  /** Whether something came since this was asked the last time. */
  hasNews: () => boolean;
  /** Resolves at the next sign of life, or of death. */
  next: () => Promise<void>;
}

function watchOver(client: ImapFlow): Watch {
  let problem: Error | null = null;
  let news = false;
  let wake = () => {};
  client.on('error', (error: Error) => {
    problem ??= error;
    wake();
  });
  client.on('close', () => {
    problem ??= new Error('the server closed the connection');
    wake();
  });
  client.on('exists', () => {
    news = true;
    wake();
  });
  return {
    problem: () => problem,
    hasNews: () => {
      const had = news;
      news = false;
      return had;
    },
    next: () => new Promise((resolve) => (wake = resolve)),
  };
}

function connectionOf(client: ImapFlow, watch: Watch, paths: ReadonlyMap<string, string>): ImapConnection {
  const uid = { uid: true };
  /** Asks for some mails, in as many commands as their numbers need. */
  const fetchSome = async (uids: readonly number[], wanted: FetchQueryObject) => {
    const found: FetchMessageObject[] = [];
    for (const set of uidSets(uids)) found.push(...(await client.fetchAll(set, { uid: true, ...wanted }, uid)));
    return found;
  };
  const moveSet = async (set: string, path: string) => {
    if (client.capabilities.has('MOVE')) return void told(await client.messageMove(set, path, uid), 'MOVE', watch);
    told(await client.messageCopy(set, path, uid), 'COPY', watch);
    told(await client.messageFlagsAdd(set, ['\\Deleted'], uid), 'STORE', watch); // and never expunged by us
  };
  return {
    validity: () => (client.mailbox === false ? '' : String(client.mailbox.uidValidity)),
    list: async () => told(await client.search({ deleted: false }, uid), 'SEARCH', watch),
    sizes: async (uids) => {
      const found = await fetchSome(uids, { size: true });
      return new Map(found.map((each) => [each.uid, each.size ?? 0]));
    },
    read: async (uids, most) => {
      const found = await fetchSome(uids, { source: { start: 0, maxLength: most } });
      return new Map(found.flatMap((each) => (each.source ? [[each.uid, each.source] as const] : [])));
    },
    append: async (mail) => {
      const path = client.mailbox === false ? 'INBOX' : client.mailbox.path;
      told(await client.append(path, mail), 'APPEND', watch);
    },
    move: async (uids, folder) => {
      const path = paths.get(folder) ?? folder;
      for (const set of uidSets(uids)) await moveSet(set, path);
    },
    news: (mostMs) => newsOf(client, watch, mostMs),
    close: () => client.close(),
  };
}

/** What ImapFlow could not do it answers with nothing, or with false. */
function told<T>(answer: T | false | undefined, command: string, watch: Watch): T {
  if (answer === false || answer === undefined) throw watch.problem() ?? new Error(`the server refused ${command}`);
  return answer;
}

async function newsOf(client: ImapFlow, watch: Watch, mostMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<void>((resolve) => (timer = setTimeout(resolve, mostMs)));
  const next = watch.next();
  if (!watch.hasNews() && watch.problem() === null) {
    client.idle().catch(() => {}); // a connection that breaks is told by its events
    await Promise.race([next, timeUp]);
  }
  clearTimeout(timer);
  const problem = watch.problem();
  if (problem) throw problem;
}
