import type { Tx } from '../client.ts';

/** From where somebody signs in: the kind of browser, and the network. */
export interface BrowserSeen {
  adminId: number;
  browser: string;
  network: string;
}

/**
 * Notes from where an admin signs in; returns whether the browser or the network is new to them. The first of all is
 * none of both: there is nothing to compare it with.
 */
export async function noteBrowser(db: Tx, { adminId, browser, network }: BrowserSeen, now: Date): Promise<boolean> {
  const seen = await db.adminBrowser.findMany({ where: { adminId } });
  await db.adminBrowser.upsert({
    where: { adminId_browser_network: { adminId, browser, network } },
    create: { adminId, browser, network, seenAt: now },
    update: { seenAt: now },
  });
  const knows = (is: (row: (typeof seen)[number]) => boolean) => seen.length === 0 || seen.some(is);
  return !knows((row) => row.browser === browser) || !knows((row) => row.network === network);
}
