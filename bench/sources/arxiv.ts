import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that came. */
export interface Heard {
  url: string;
  /** By performance.now(), when its head was there. */
  atMs: number;
  /** How many were open, itself among them. */
  open: number;
  status: number;
  etag: string;
}

/** A list stays as it is for so long, then it is another version. */
const VERSION_MS = 170_000;
/** Answers take between these. */
const FASTEST_MS = 100;
const SLOWEST_MS = 1_500;

/** Plays both hosts of arXiv, as an HTTP proxy before them. */
export async function playArxiv(): Promise<{
  proxy: string;
  heard: Heard[];
  /** From now on it asks to be left alone for an hour. */
  askForPeace: () => void;
  close: () => void;
}> {
  const heard: Heard[] = [];
  const started = performance.now();
  let open = 0;
  let isBusy = false;
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    const atMs = performance.now();
    const etag = `"${Math.floor((atMs - started) / VERSION_MS)}"`;
    const status = isBusy ? 429 : request.headers['if-none-match'] === etag ? 304 : 200;
    heard.push({ url, atMs, open: ++open, status, etag });
    const answer = () => {
      open--;
      if (status === 429) response.writeHead(429, { 'retry-after': '3600' }).end('Rate exceeded.');
      else if (status === 304) response.writeHead(304, { etag }).end();
      else response.writeHead(200, { etag, 'content-type': 'application/xml' }).end(feed(url, etag));
    };
    setTimeout(answer, FASTEST_MS + Math.random() * (SLOWEST_MS - FASTEST_MS));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    proxy: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    askForPeace: () => (isBusy = true),
    close: () => server.close(),
  };
}

function feed(url: string, etag: string): string {
  const at = new Date();
  const day = /date=(\d{4}-\d{2}-\d{2})/.exec(url)?.[1] ?? at.toISOString().slice(0, 10);
  const items = Array.from(
    { length: 5 },
    (_, number) =>
      `<item><title>Kelp ${number} of ${day}</title><link>https://arxiv.org/abs/${day.slice(2, 4)}${day.slice(5, 7)}.${day.slice(8)}${100 + number}</link><description>We grow kelp of kind ${number}.</description></item>`,
  );
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>Kelp ${etag.replaceAll('"', '')}</title><pubDate>${new Date(day).toUTCString()}</pubDate>${items.join('')}</channel></rss>`;
}
