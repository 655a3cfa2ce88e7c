import { writeFileSync, utimesSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readinessAnswer } from '../../src/operate/readiness-json.ts';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { adminServer } from '../admin/admin-server.ts';
import { runCli } from '../support/cli.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { hfAnswer } from '../world/captures.ts';

const database = testDatabase();

test('when a source fails and another shows nothing, then numbers, pages and the command say so, without what opens it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-shelf-'));
  const settings = { SOURCES: `shelf=${folder} kelp=https://ada:open-sesame@kelp.example.org/daily?key=open-sesame` };
  const refused = () => Promise.resolve(new Response('', { status: 403 }));
  const ctx = await testContext(database, settings, { fetch: refused });
  const file = join(folder, '2026-11-16.json');
  writeFileSync(file, hfAnswer('2026-11-16', [{ title: 'Kelp', arxivId: '2611.90001' }]));
  utimesSync(file, new Date('2026-11-16'), new Date('2026-11-16'));
  for (const day of ['16', '17', '18', '19', '20', '21']) {
    ctx.setNow(`2026-11-${day}T09:00:00Z`);
    await runJob(ctx, jobNamed('ingest')!);
  }
  const web = await adminServer(ctx);
  const textOf = async (path: string, cookie = '') => (await web.get(path, cookie)).text();
  const numbers = await textOf('/metrics');
  expect(numbers).toContain('offprint_source_trouble{source="kelp",trouble="failing"} 1');
  expect(numbers).toContain('offprint_source_trouble{source="shelf",trouble="silent"} 1');
  expect(numbers).toContain(
    `offprint_source_last_new_seconds{source="shelf"} ${Date.parse('2026-11-16T09:00:00Z') / 1000}`,
  );
  expect(numbers).not.toContain('offprint_source_last_success_seconds{source="kelp"}');
  const standing = await textOf('/readyz?verbose');
  expect(readinessAnswer.parse(JSON.parse(standing)).sourcesInTrouble).toEqual([
    { source: 'shelf', state: 'silent', problem: 'nothing new' },
    { source: 'kelp', state: 'failing', problem: expect.stringContaining('403') as string },
  ]);
  const archive = await textOf('/digests');
  expect(archive).toContain('17 November 2026 to 20 November 2026');
  expect(archive).toContain('4 weekdays');
  expect(archive).toContain('Nothing was published: shelf. Could not be reached: kelp.');
  const missing = await web.get('/digests/2026-11-18');
  expect(missing.status).toBe(404);
  expect(await missing.text()).toContain('Nothing was published: shelf. Could not be reached: kelp.');
  const admin = await textOf('/admin/sources', (await web.signIn()).cookie);
  for (const word of ['Does not answer', 'Silent: 4 weekdays', '2026-11-16T09:00:00.000Z', 'more than 3'])
    expect(admin).toContain(word);
  const told = await runCli(['sources', '--json'], { url: database.url, settings });
  expect(told.json()).toMatchObject([
    { source: 'shelf', lastNewAt: '2026-11-16T09:00:00.000Z', failingSince: null, habit: 3 },
    { source: 'kelp', lastSuccessAt: null, failingSince: '2026-11-16T09:00:00.000Z', state: 'failing' },
  ]);
  for (const text of [numbers, standing, archive, admin, told.stdout]) expect(text).not.toContain('open-sesame');
  await web.close();
});
