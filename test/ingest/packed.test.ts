import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { parseCaptureApart } from '../../src/ingest/parse-apart.ts';
import { hfAnswer } from '../world/captures.ts';

const hints = { name: '2026-11-20.json.gz', fetchedAt: new Date('2026-11-22T12:00:00Z') };
const list = hfAnswer('2026-11-20', [{ title: 'Kites', arxivId: '2611.04321' }]);

it('when a list is packed, then it is read as if it were not', async () => {
  expect((await parseCaptureApart(gzipSync(list), hints)).entries.map(({ title }) => title)).toEqual(['Kites']);
});

it.each([
  ['is cut', gzipSync(list).subarray(0, 60)],
  ['holds more than a list may', gzipSync(Buffer.alloc(30 * 1024 * 1024))],
])('when what is packed %s, then it is refused by name', async (_, bytes) => {
  await expect(parseCaptureApart(bytes, hints)).rejects.toThrow(
    /^2026-11-20\.json\.gz: cannot be unpacked .*expected gzip/,
  );
});
