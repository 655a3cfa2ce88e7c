import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime, { type Address, type Email } from 'postal-mime';

/** A mail of the outbox, as its list shows it. */
export interface OutboxItem {
  file: string;
  subject: string;
  to: string;
  at: Date;
}

/** Bytes that hold the headers of any mail we write. */
const HEAD_BYTES = 16 * 1024;

/**
 * Lists the mails of a folder, newest first, the first `limit` of them with subject and recipient; no folder is no
 * mail.
 */
export async function listOutbox(folder: string, limit: number): Promise<{ items: OutboxItem[]; total: number }> {
  const names = (await readdir(folder).catch(() => [])).filter(isMailFile);
  const dated = await Promise.all(names.map(async (file) => ({ file, at: await changedAt(join(folder, file)) })));
  const present = dated.filter((item): item is { file: string; at: Date } => item.at !== null);
  present.sort((a, b) => b.at.getTime() - a.at.getTime() || (a.file < b.file ? 1 : -1));
  const items = await Promise.all(
    present.slice(0, limit).map(async ({ file, at }) => {
      const mail = await PostalMime.parse(await head(join(folder, file)));
      return { file, at, subject: mail.subject ?? '', to: addressText(mail.to) };
    }),
  );
  return { items, total: present.length };
}

/** Reads one mail of a folder; null where there is no such file, or the name is not one of a mail. */
export async function readOutboxMail(folder: string, file: string): Promise<{ raw: Buffer; mail: Email } | null> {
  if (!isMailFile(file)) return null;
  const raw = await readFile(join(folder, file)).catch(() => null);
  return raw && { raw, mail: await PostalMime.parse(raw) };
}

/** Words the addresses of a header. */
export function addressText(addresses: Address[] | Address | undefined): string {
  return [addresses ?? []]
    .flat()
    .map(({ name, address }) => (name && address ? `${name} <${address}>` : (address ?? name)))
    .join(', ');
}

/** File names are ours, but the path comes from outside: one plain name, nothing else. */
function isMailFile(name: string): boolean {
  return /^[A-Za-z0-9_-][A-Za-z0-9._@=+-]*\.eml$/.test(name);
}

async function changedAt(path: string): Promise<Date | null> {
  return stat(path).then(
    ({ mtime }) => mtime,
    () => null,
  );
}

async function head(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
