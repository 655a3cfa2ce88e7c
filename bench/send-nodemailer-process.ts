/**
 * The yardstick: a bare Nodemailer pool given ready {html, text}, as its documentation shows. Same protocol as
 * pipeline-process.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';

interface Bodies {
  from: string;
  bodies: { subject: string; html: string; text: string; to: string }[];
}

const [port = '', messages = '', connections = '', bodiesFile = '', dkimKeyFile = ''] = process.argv.slice(2);
const { from, bodies } = JSON.parse(readFileSync(bodiesFile, 'utf8')) as Bodies;
const dkim = dkimKeyFile
  ? { dkim: { domainName: 'digest.example.org', keySelector: 'bench', privateKey: readFileSync(dkimKeyFile, 'utf8') } }
  : {};
const transport = createTransport({
  pool: true,
  host: '127.0.0.1',
  port: Number(port),
  ignoreTLS: true,
  maxConnections: Number(connections),
  maxMessages: Infinity,
  ...dkim,
});
process.stdout.write('ready\n');
await once(process.stdin, 'data');
const cpuBefore = process.cpuUsage();
const startedMs = performance.now();
let next = 0;
const sendOn = async () => {
  while (next < Number(messages)) {
    const n = next++;
    const body = bodies[n % bodies.length];
    if (!body) continue;
    await transport.sendMail({
      from,
      to: body.to,
      subject: body.subject,
      html: body.html,
      text: body.text,
      headers: {
        'List-Unsubscribe': `<https://papers.example.org/unsubscribe/${n}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    });
  }
};
await Promise.all(Array.from({ length: Number(connections) * 2 }, sendOn));
const ms = performance.now() - startedMs;
const cpu = process.cpuUsage(cpuBefore);
transport.close();
process.stdout.write(
  `${JSON.stringify({ sent: Number(messages), ms, cpuMs: (cpu.user + cpu.system) / 1000, rssMb: process.memoryUsage().rss / 2 ** 20 })}\n`,
);
process.exit(0);
