import type { Server } from 'node:http';
import { AppError } from '../lib/errors.ts';

/** Opens a server on a port that a setting names; throws AppError unavailable where it is taken. */
export function listen(server: Server, port: number, setting: 'PORT' | 'METRICS_PORT'): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new AppError('unavailable', `Port ${port} is taken: set ${setting} to a free one.`, { cause: error })
          : error,
      );
    });
    server.listen(port, resolve);
  });
}

/** Closes a server: what is being answered is, for two seconds at most. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2_000).unref();
  });
}
