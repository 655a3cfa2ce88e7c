import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, test } from 'vitest';
import { requireRights } from '../../src/admin/rights.ts';
import type { Context } from '../../src/context.ts';
import type { Role } from '../../src/model/role.ts';

async function askAs(role: Role): Promise<number> {
  const app = express();
  app.use((_req, res, next) => {
    (res.locals as { session?: object }).session = { role, createdAt: new Date() };
    next();
  });
  const pages = express.Router();
  pages.use(requireRights({ now: () => new Date() } as Context, () => {}));
  pages.get('/forgotten', (_req, res) => void res.send('what nobody thought of'));
  app.use('/admin', pages);
  const server = app.listen(0);
  await once(server, 'listening');
  const { status } = await fetch(`http://localhost:${(server.address() as AddressInfo).port}/admin/forgotten`);
  server.close();
  return status;
}

test('when a route says nothing of whom it is for, then it is there for owners alone', async () => {
  expect([await askAs('owner'), await askAs('editor'), await askAs('viewer')]).toEqual([200, 404, 404]);
});
