import { createServer, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { loadConfig } from '../../../src/config.ts';
import { createSmtpMailer } from '../../../src/deliver/relays/smtp-mailer.ts';

/** Opens a connection with these settings and returns what the server heard first. */
async function firstWords(settings: Record<string, string>): Promise<string> {
  let heard = '';
  const server = createServer((socket) => {
    socket.write('220 ready\r\n');
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      heard ||= chunk.toString('latin1').trim();
      socket.write('250 welcome\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const config = loadConfig({ SMTP_URL: `smtp://127.0.0.1:${port}`, ...settings });
  const connection = await createSmtpMailer(config, config.SMTP_URL ?? []).relays[0]?.connect();
  await connection?.close();
  server.close();
  return heard;
}

it.each([
  [{ PUBLIC_URL: 'https://papers.example.org' }, 'EHLO papers.example.org'],
  [{ PUBLIC_URL: 'http://127.0.0.1:3000' }, 'EHLO [127.0.0.1]'],
  [{ PUBLIC_URL: 'http://192.0.2.9' }, 'EHLO [192.0.2.9]'],
  [{ PUBLIC_URL: 'http://[::1]:3000' }, 'EHLO [IPv6:::1]'],
  [{ PUBLIC_URL: 'https://papers.example.org', EHLO_NAME: 'mx.example.org' }, 'EHLO mx.example.org'],
  [{ PUBLIC_URL: 'https://papers.example.org', EHLO_NAME: '[192.0.2.7]' }, 'EHLO [192.0.2.7]'],
])('when the settings are %o, then the server hears %s', async (settings, words) => {
  expect(await firstWords(settings)).toBe(words);
});

it.each(['http://my_app.example.org:3000', 'http://localhost:3000', 'http://app:3000'])(
  'when PUBLIC_URL is %s, then the server hears a full name or an address all the same',
  async (url) => {
    expect(await firstWords({ PUBLIC_URL: url })).toMatch(/^EHLO (\[127\.0\.0\.1\]|[a-z0-9-]+(\.[a-z0-9-]+)+)$/);
  },
);
