/** A mailbox that is read by IMAP. */
export interface ImapMailbox {
  host: string;
  port: number;
  /** Speaks TLS from the start; else STARTTLS, which only the machine itself may do without. */
  secure: boolean;
  user: string;
  password: string;
  /** The folder. */
  path: string;
}

/** Reads `imaps://user:password@host/Folder` (RFC 5092; INBOX where no folder is named); null where it is none. */
export function parseImapUrl(text: string): ImapMailbox | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^imaps?:$/.test(url.protocol) || url.search + url.hash !== '') return null;
  const secure = url.protocol === 'imaps:';
  const [host, user, password] = [url.hostname.replace(/^\[|\]$/g, ''), decoded(url.username), decoded(url.password)];
  const path = decoded(url.pathname.slice(1));
  if (host === '' || !user || !password || path === null) return null;
  return { host, port: Number(url.port || (secure ? 993 : 143)), secure, user, password, path: path || 'INBOX' };
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
