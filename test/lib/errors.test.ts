import { connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { messageOf } from '../../src/lib/errors.ts';

test('when a name has several addresses and none answers, then the message says of each why', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const lookup = (_: string, __: object, done: (error: null, all: object[]) => void) =>
    done(
      null,
      ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 })),
    );
  const socket = connect({ host: 'db.example', port, autoSelectFamily: true, lookup: lookup as never });
  const error = await new Promise((resolve) => socket.once('error', resolve));
  expect(error).toBeInstanceOf(AggregateError);
  expect(messageOf(error)).toBe(`connect ECONNREFUSED 127.0.0.1:${port}; connect ECONNREFUSED 127.0.0.2:${port}`);
});
