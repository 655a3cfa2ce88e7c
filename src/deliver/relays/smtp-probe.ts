import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Config } from '../../config.ts';
import type { RelaySetting } from '../../model/relay.ts';
import { connectionOptions } from './smtp-mailer.ts';

/** What a mail server said when it was only asked. */
export interface RelayProbe {
  /** Why no mail would leave through it; null where one would. */
  problem: string | null;
  /** Whether the conversation was encrypted in the end. */
  encrypted: boolean;
  /** Whether we logged in; null where SMTP_URL has no user. */
  loggedIn: boolean | null;
  /** What it offers, in capitals, and the words behind each: `SIZE` → `35882577`. */
  offers: ReadonlyMap<string, string>;
}

/** A mail server that takes longer than this for a step is told as silent. */
const PATIENCE_MS = 10_000;

/** Greets a mail server as sending does, logs in where SMTP_URL has a user, and says goodbye; no mail goes. */
export async function probeRelay(config: Config, { url }: RelaySetting): Promise<RelayProbe> {
  const options = connectionOptions(config, url);
  const connection = new SMTPConnection({
    ...options,
    ...{
      connectionTimeout: PATIENCE_MS,
      greetingTimeout: PATIENCE_MS,
      dnsTimeout: PATIENCE_MS,
      socketTimeout: PATIENCE_MS,
    },
  });
  let heard = '';
  const problem = await new Promise<string | null>((resolve) => {
    connection.once('error', (error: Error) => resolve(error.message));
    connection.once('end', () => resolve('the server closed the connection'));
    connection.connect((error) => {
      if (error) return resolve(error.message);
      heard = connection.lastServerResponse || '';
      if (!options.auth || connection.authenticated) return resolve(null);
      connection.login(options.auth, (refused) => resolve(refused ? refused.message : null));
    });
  });
  connection.removeAllListeners('error').on('error', () => {});
  if (problem === null) connection.quit();
  setTimeout(() => connection.close(), 500).unref();
  const loggedIn = options.auth ? connection.authenticated : null;
  return { problem, encrypted: connection.secure, loggedIn, offers: offersIn(heard) };
}

/** Reads the lines of an answer to EHLO (RFC 5321 4.1.1.1): a keyword each, with parameters. */
function offersIn(answer: string): Map<string, string> {
  const lines = answer.split('\n').slice(1);
  return new Map(
    lines.map((line) => {
      const [, keyword = '', parameters = ''] = /^250[- ]([\w-]+)(.*)/.exec(line.trim()) ?? [];
      return [keyword.toUpperCase(), parameters.replace(/^[ =]/, '').trim()];
    }),
  );
}
