import { Socket } from 'node:net';
import pg from 'pg';
import { AppError, messageOf } from '../../lib/errors.ts';
import { poolOf, type Db } from '../client.ts';

/**
 * Opens a session of its own at a URL for `work`, and ends it. Where `work` fails it is cut: it may be in the middle of
 * a COPY, in which nothing else can be said, and what it had begun is undone by that. Throws AppError unavailable where
 * nothing answers.
 */
export async function withSession<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  let socket: Socket | undefined;
  const client = new pg.Client({
    ...{ connectionString: url, application_name: 'offprint-backup' },
    stream: () => (socket = new Socket()),
  });
  client.on('error', () => {}); // followed by the failure of what was asked
  try {
    await client.connect();
  } catch (error) {
    const { host } = new URL(url);
    throw new AppError('unavailable', `No PostgreSQL answers at ${host}: ${messageOf(error)}.`, { cause: error });
  }
  try {
    const result = await work(client);
    await client.end();
    return result;
  } catch (error) {
    socket?.destroy();
    throw error;
  }
}

/** Returns the URL that a database was opened at. */
export function urlOf(db: Db): string {
  return poolOf(db).options.connectionString ?? '';
}
