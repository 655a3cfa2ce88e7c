import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';

/** A cruise as dependency-cruiser reports it. */
interface Cruise {
  summary: { totalCruised: number; violations: { rule: { name: string }; from: string; to: string }[] };
}

function cruise(dir: string): Cruise {
  const args = ['src', '--config', '.dependency-cruiser.cjs', '--output-type', 'json', '--no-progress'];
  const bin = join(PACKAGE_ROOT, 'node_modules', '.bin', 'depcruise');
  return JSON.parse(execFileSync(bin, args, { cwd: dir, encoding: 'utf8', maxBuffer: 1 << 28 })) as Cruise;
}

describe('the import rules', () => {
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'offprint-rules-'));
    for (const name of ['src', '.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
      cpSync(join(PACKAGE_ROOT, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(PACKAGE_ROOT, 'node_modules'), join(copy, 'node_modules'));
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test('when the sources are cruised, then all of them are seen and none breaks a rule', () => {
    const { summary } = cruise(copy);
    expect(summary.totalCruised).toBeGreaterThan(60);
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  }, 60_000);

  test('when forbidden imports are planted, then each is caught by its rule', () => {
    const planted: [file: string, source: string, rule: string][] = [
      ['src/model/planted.ts', "import '../../src/db/client.ts';", 'nouns-know-nobody'],
      ['src/lib/planted.ts', "import '../../src/model/delivery.ts';", 'lib-knows-no-noun'],
      ['src/links/planted.ts', "import '../../src/db/client.ts';", 'links-know-nouns'],
      ['src/db/planted.ts', "import '../../src/plan/due.ts';", 'db-knows-nouns'],
      ['src/match/planted.ts', "import '../../src/plan/due.ts';", 'match-stands-alone'],
      ['src/db/digests/planted.ts', "import '../newsletters/editions.ts';", 'families-form-no-circle'],
      ['src/plan/planted.ts', "import '../../src/db/locks.ts';", 'pure-stays-pure'],
      ['src/deliver/sending/planted.ts', "import '../../db/locks.ts';", 'pure-stays-pure'],
      ['src/deliver/waking.ts', "import '../queue.ts';", 'deliver-stands-alone'],
      ['src/web/waking.ts', "import '../queue.ts';", 'pages-use-the-pure-part'],
      ['src/web/sending.ts', "import '../deliver/relays/mailer.ts';", 'pages-use-the-pure-part'],
      ['src/web/planted.ts', "import '../../src/plan/run-plan.ts';", 'pages-use-the-pure-part'],
      ['src/web/planted-too.ts', "import '../../src/compose/wire/signer.ts';", 'pages-use-the-pure-part'],
      ['src/plan/telling.ts', "import '../../src/operate/wake-job.ts';", 'plan-stands-alone'],
      ['src/subscribers/planted.ts', "import '../../src/operate/suppress.ts';", 'subscribers-below-the-pages'],
      ['src/operate/planted.ts', "import '../../src/admin/respond.ts';", 'operate-below-the-pages'],
      ...['web', 'admin/routes', 'commands'].flatMap((folder): [string, string, string][] => {
        const db = folder.includes('/') ? '../../db' : '../db';
        return [
          [
            `src/${folder}/opening.ts`,
            `import { transaction } from '${db}/client.ts'; void transaction;`,
            'pages-open-no-transaction',
          ],
          [`src/${folder}/auditing.ts`, `import '${db}/operator/audit.ts';`, 'pages-open-no-transaction'],
        ];
      }),
      ['src/preview/planted.ts', "import '../../src/plan/run-plan.ts';", 'preview-below-the-pages'],
      ['src/preview/planted-too.ts', "import '../../src/web/words.ts';", 'preview-below-the-pages'],
      ['src/subscribers/previewing.ts', "import '../../src/preview/estimate.ts';", 'preview-serves-what-asks'],
      ['src/lib/planted-a.ts', "import './planted-b.ts';", 'no-circular'],
      ['src/lib/lonely.ts', 'export const lonely = 1;', 'no-orphans'],
      [
        'src/plan/mailing.ts',
        "import nodemailer from 'nodemailer'; nodemailer.createTransport();",
        'nodemailer-has-one-home',
      ],
      ['src/plan/queueing.ts', "import PgBoss from 'pg-boss'; new PgBoss('');", 'pg-boss-has-one-home'],
      ['src/plan/paging.ts', "import express from 'express'; express();", 'express-has-one-home'],
    ];
    writeFileSync(join(copy, 'src/lib/planted-b.ts'), "import './planted-a.ts';\n"); // closes the circle of planted-a
    for (const [file, source] of planted) writeFileSync(join(copy, file), `${source}\n`);
    const caught = cruise(copy).summary.violations.map(({ rule, from }) => `${rule.name} ${from}`);
    // A rule about folders names the folder.
    const named = (rule: string, file: string) => (rule.startsWith('families') ? dirname(file) : file);
    for (const [file, , rule] of planted) expect(caught).toContain(`${rule} ${named(rule, file)}`);
  }, 60_000);
});
