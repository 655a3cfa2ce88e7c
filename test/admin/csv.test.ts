import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, test } from 'vitest';
import { sendCsv } from '../../src/admin/csv.ts';

test.each(['=1+2', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
  'when a cell of a list begins as %j, then no spreadsheet takes it for a formula',
  async (cell) => {
    const app = express();
    app.get('/', (_req, res) =>
      sendCsv(
        res,
        'kelp',
        ['Note'],
        (async function* () {
          yield await Promise.resolve([cell]);
        })(),
        (row) => [row],
      ),
    );
    const server = app.listen(0);
    await once(server, 'listening');
    const answer = await fetch(`http://localhost:${(server.address() as AddressInfo).port}`);
    const [head, ...lines] = (await answer.text()).split('\n');
    server.close();
    expect(head).toBe('Note');
    expect(lines.join('\n').replace(/^"/, '').startsWith("'")).toBe(true);
  },
);
