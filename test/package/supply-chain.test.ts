import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';

/** What npm says to a command, and its exit code. */
type Answer = [said: string, code: number];

const BILL: Answer = [JSON.stringify({ components: Array.from({ length: 300 }, (_, n) => ({ name: `p${n}` })) }), 0];
const SIGNED: Answer = ['audited 300 packages in 3s\n\n300 packages have verified registry signatures', 0];
const NO_HOLES: Answer = ['found 0 vulnerabilities', 0];
const OFFLINE: Answer = ['npm error code ENOTFOUND\nnpm error network request to https://x/15.root.json failed', 1];

/** Runs the script with an `npm` that answers so. */
function run(bill: Answer, signatures: Answer, advisories: Answer): [code: number | null, steps: string[]] {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-npm-'));
  const answers = { sbom: bill, signatures, advisories };
  for (const [name, [said]] of Object.entries(answers)) writeFileSync(join(folder, name), said);
  const cases = `case "$1 $2" in 'sbom '*) answer sbom ${bill[1]} ;; 'audit signatures') answer signatures ${signatures[1]} ;;
    'audit '*) answer advisories ${advisories[1]} ;; *) exit 99 ;; esac`;
  writeFileSync(join(folder, 'npm'), `#!/usr/bin/env bash\nanswer() { cat "${folder}/$1"; exit "$2"; }\n${cases}\n`);
  chmodSync(join(folder, 'npm'), 0o755);
  const { status, stdout } = spawnSync(join(PACKAGE_ROOT, '.ci', 'supply-chain'), [join(folder, 'bill.json')], {
    env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` },
    encoding: 'utf8',
  });
  const steps = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => /^[a-z ]+: (ok|not run|FAILED)/.exec(line)?.[1] ?? line);
  return [status, steps];
}

test.each<[string, Answer, Answer, Answer, number, string[]]>([
  ['every step runs and finds nothing', BILL, SIGNED, NO_HOLES, 0, ['ok', 'ok', 'ok']],
  ['a server is not reached', BILL, OFFLINE, NO_HOLES, 2, ['ok', 'not run', 'ok']],
  [
    'a mirror does not tell',
    BILL,
    ['npm error found no dependencies to audit that were installed from a supported registry', 1],
    ['npm warn audit 405 Method Not Allowed\nnpm error audit endpoint returned an error', 1],
    2,
    ['ok', 'not run', 'not run'],
  ],
  [
    'a signature is wrong',
    BILL,
    ['300 packages\n\n1 package has an invalid registry signature:\nkelp@1.0.0', 1],
    NO_HOLES,
    1,
    ['ok', 'FAILED', 'ok'],
  ],
  [
    'a signature is missing, and another server is not reached',
    BILL,
    ['npm error code ENOTFOUND\n1 package has a missing registry signature but the registry is providing keys', 1],
    OFFLINE,
    1,
    ['ok', 'FAILED', 'not run'],
  ],
  [
    'a package has a grave hole',
    BILL,
    SIGNED,
    ['2 vulnerabilities (1 moderate, 1 high)', 1],
    1,
    ['ok', 'ok', 'FAILED'],
  ],
  ['a package has a small one', BILL, SIGNED, ['1 low severity vulnerability', 0], 0, ['ok', 'ok', 'ok']],
  ['npm breaks off with words of its own', BILL, ['npm error code EJSONPARSE', 1], NO_HOLES, 1, ['ok', 'FAILED', 'ok']],
  ['the bill is nearly empty', ['{"components": []}', 0], SIGNED, NO_HOLES, 1, ['FAILED', 'ok', 'ok']],
  ['no bill can be written', ['npm error code ESBOMPROBLEMS', 1], SIGNED, NO_HOLES, 1, ['FAILED', 'ok', 'ok']],
])(
  'when %s, then the script says so of each step, and its exit code tells',
  (_, bill, signatures, advisories, code, steps) => {
    expect(run(bill, signatures, advisories)).toEqual([code, steps]);
  },
);
