import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { mailKinds } from '../../src/model/mail-kind.ts';

/**
 * Where a kind's name may stand: in its row, at its payload, and where a mail of that kind is planned or looked for.
 */
const NAMED: Record<string, readonly string[]> = {
  'src/model/mail-kind.ts': mailKinds(),
  'src/model/notice.ts': mailKinds().filter((kind) => kind !== 'newsletter'),
  'src/db/newsletters/newsletters.ts': ['newsletter'],
  'src/db/ledger/deliveries.ts': ['confirmation'],
  'src/db/operator/alarms.ts': ['alarm'],
  'src/operate/report-edition.ts': ['alarm'],
  'src/operate/tell-operator.ts': ['alarm'],
  'src/operate/ask-to-sign-in.ts': ['sign_in'],
  'src/operate/open-session.ts': ['new_sign_in'],
  'src/operate/invite-admin.ts': ['invitation'],
  'src/operate/send-test.ts': ['test'],
  'src/compose/newsletter/notice-view.ts': ['new_sign_in'],
  'src/subscribers/ask-address.ts': ['confirmation', 'link'],
  'src/subscribers/change-address.ts': ['moving'],
  'src/subscribers/housekeep.ts': ['reminder'],
};

/** Lines on which such a word is no kind of mail. */
const OTHER_MEANINGS: readonly RegExp[] = [
  /\bpurpose\b|\bsource: (?:.* )?'link'|keys'\]\['link'\]/, // what a key signs, where consent was given
  /'react'[ ,|]+'newsletter'|\b(claimOf|signToken)\(/, // what a token opens
  /\b(loadTemplates|openNature)\(|form: 'newsletter' \| 'notice'/, // the form of a mail
  /\bname: 'link'|\[\['link', |\btexts\.get\(/, // a budget, a kept page
  // What a token opens, in a union and by path.
  /^ {2}\| '(?:newsletter|invitation)';?$|newsletters: 'newsletter'|reason: 'invitation'/,
  // A hit of a search, a field.
  /'paper', 'link'\]|\.kind !== 'link'|case 'link':|kind: 'link' \}>|'link' in notice\.payload/,
  // A program, an event that is told, an act, a command.
  /spawnSync\('test'|TEST_EVENT|action === 'test'|Command\('test'\)/,
  /'entry', 'item'|\.log\./, // an element of a feed, a line of the log
  /Command\('alarm'\)|name: 'alarm'|command\('test'\)|code: 'test'|code === 'test'|LASTING = |test: 'test'|^ {4}'test',$/, // a command, an alarm's code
];

/** Reads the sources; generated ones list what the database knows. */
function sources(): [file: string, lines: string[]][] {
  const files = readdirSync(join(PACKAGE_ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => `src/${file.replaceAll('\\', '/')}`)
    .filter((file) => file.endsWith('.ts') && !file.startsWith('src/db/generated/'));
  return files.map((file) => [file, readFileSync(join(PACKAGE_ROOT, file), 'utf8').split('\n')]);
}

/** Returns the kinds that a file spells: quoted, as a key of the table, or as keys of a table beside it. */
function spelled(lines: readonly string[]): string[] {
  const own = lines.filter((line) => !OTHER_MEANINGS.some((other) => other.test(line))).join('\n');
  const named = mailKinds().filter((kind) =>
    new RegExp(`['"]${kind}['"]|\\bMAIL_KINDS\\.${kind}\\b|^  ${kind}: \\{$`, 'm').test(own),
  );
  return /Record<(Mail|Notice)Kind,/.test(own) && named.length === 0 ? ['a table by kind'] : named;
}

test('when the sources are read, then a kind of mail is spelled in its row and where it is planned or looked for, nowhere else', () => {
  const found = sources().flatMap(([file, lines]): [string, readonly string[]][] => {
    const kinds = spelled(lines);
    return kinds.length > 0 ? [[file, kinds]] : [];
  });
  expect(Object.fromEntries(found)).toEqual(NAMED);
});

test.each([
  ["if (kind === 'newsletter') return;", ['newsletter']],
  ["WHERE d.kind IN ('confirmation', 'reminder')", ['confirmation', 'reminder']],
  ["cancelDeliveries(tx, id, 'paused', now, ['newsletter'])", ['newsletter']],
  ['MAIL_KINDS.moving.priority', ['moving']],
  ['const HASTE: Record<MailKind, boolean> = {', ['a table by kind']],
  ["db.key.findMany({ where: { purpose: 'link' } })", []],
  ["const claim = await claimOf(ctx, ctx.db, 'newsletter', token);", []],
])('when a line says «%s», then the rule sees %j', (line, kinds) => {
  expect(spelled([line])).toEqual(kinds);
});
