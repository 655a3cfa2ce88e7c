import { Command } from 'commander';
import type { Context } from '../context.ts';
import { listKeys, type ListedKey } from '../db/keys-list.ts';
import { AppError } from '../lib/errors.ts';
import { rotateKeys } from '../operate/rotate-keys.ts';
import { agreed, dateOption, printJson, printTable, wholeNumberOption, withContext } from './support.ts';

/** Days for which the link out of a mail must work (15 U.S.C. 7704(a)(3)(A)(ii), CAN-SPAM). */
const UNSUBSCRIBE_DAYS = 30;
const DAY_MS = 86_400_000;

interface RotateFlags {
  retire?: number[];
  retireBefore?: string;
  yes?: boolean;
  json?: boolean;
}

/** `offprint keys …`: the keys that sign links and hash suppressed addresses. */
export function keysCommand(): Command {
  const command = new Command('keys');
  command
    .command('list')
    .description('list the keys, newest first, with the mails that hold their links; never the keys themselves')
    .option('--json', 'print one object a line')
    .action(({ json }: { json?: boolean }) =>
      withContext(async (ctx) => {
        const keys = (await listKeys(ctx.db)).map((key) => ({ ...key, does: doesOf(key) }));
        if (json) keys.forEach(printJson);
        else printTable(keys.map(inText), 'no keys');
      }),
    );
  command
    .command('rotate')
    .description('make a new link key, which signs from now on in every process; older ones go on verifying')
    .option('--retire <id>', 'and delete this older one: its links die; may be repeated', idsOption)
    .option('--retire-before <date>', 'and delete those that have signed nothing since that day (UTC)', dateOption)
    .option('--yes', 'do not ask before links die')
    .option('--json', 'print the outcome as one object')
    .action((flags: RotateFlags) => withContext((ctx) => rotate(ctx, flags)));
  return command;
}

async function rotate(ctx: Context, flags: RotateFlags): Promise<void> {
  const now = ctx.now();
  const going = chosen(await listKeys(ctx.db), flags, now);
  if (going.length > 0) {
    process.stderr.write(going.map((key) => warning(key, now)).join(''));
    const ids = going.map(({ id }) => id).join(', ');
    if (!(await agreed(`Make a new link key and retire ${ids} for good?`, flags))) return;
  }
  const { key, retired } = await rotateKeys(ctx, { retire: going.map(({ id }) => id) }, 'cli');
  if (flags.json) printJson({ outcome: 'rotated', key, retired });
  else {
    const told =
      retired.length > 0 ? `retired: ${retired.join(', ')}` : 'none was retired: all older links go on working';
    process.stdout.write(`key ${key} signs from now on; ${told}\n`);
  }
}

/** Returns the keys to retire, oldest first. Any link key may be named, since a newer one is made first. */
function chosen(keys: ListedKey[], { retire = [], retireBefore }: RotateFlags, now: Date): ListedKey[] {
  for (const id of retire) {
    const key = keys.find((each) => each.id === id);
    if (key?.purpose === 'link') continue;
    const what = key ? 'hashes suppressed addresses and never changes' : 'no such key';
    throw new AppError('bad-input', `--retire ${id}: ${what}; \`offprint keys list\` lists the link keys`);
  }
  const before = retireBefore === undefined ? null : new Date(`${retireBefore}T00:00:00Z`);
  const isPast = ({ purpose, signedUntil, lastSentAt }: ListedKey) =>
    purpose === 'link' && before !== null && (signedUntil ?? now) < before && !(lastSentAt && lastSentAt >= before);
  return keys.filter((key) => retire.includes(key.id) || isPast(key)).reverse();
}

function warning({ id, createdAt, mails, lastSentAt }: ListedKey, now: Date): string {
  const last = lastSentAt ? `, the last on ${lastSentAt.toISOString().slice(0, 10)}` : '';
  const young = lastSentAt !== null && now.getTime() - lastSentAt.getTime() < UNSUBSCRIBE_DAYS * DAY_MS;
  return (
    `Key ${id}, made on ${createdAt.toISOString().slice(0, 10)}, signed ${mails} mail(s)${last}. ` +
    'Their links die for good, the one to unsubscribe with too, and private feeds subscribed to with it.\n' +
    (young ? `  Some are younger than ${UNSUBSCRIBE_DAYS} days, for which the link out must work (CAN-SPAM).\n` : '')
  );
}

function doesOf({ purpose, signedUntil }: ListedKey): string {
  if (purpose === 'suppression') return 'hashes suppressed addresses';
  return signedUntil === null ? 'signs and verifies links' : 'verifies links';
}

function inText({ id, does, createdAt, wrapped, mails, lastSentAt, purpose }: ListedKey & { does: string }) {
  return {
    ...{ id, does, made: createdAt.toISOString().slice(0, 10), 'by SECRET': wrapped ? 'wrapped' : 'bare' },
    mails: purpose === 'link' ? mails : null,
    'last mail': lastSentAt?.toISOString().slice(0, 10),
  };
}

function idsOption(text: string, before: number[] = []): number[] {
  return [...before, wholeNumberOption(1)(text)];
}
