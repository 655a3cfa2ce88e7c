import { Command, Option } from 'commander';
import { listSessions } from '../db/operator/admin-sessions.ts';
import { listAdmins } from '../db/operator/admins.ts';
import { AppError } from '../lib/errors.ts';
import { endSessions } from '../operate/end-sessions.ts';
import { lastOwner, LINK_MINUTES, makeSignInLink } from '../operate/make-sign-in-link.ts';
import { ROLES, type Role } from '../model/role.ts';
import { removeAdmin } from '../operate/remove-admin.ts';
import { addressArgument } from './address-argument.ts';
import { agreed, printJson, printTable, wholeNumberOption, withContext } from './support.ts';

interface SessionFlags {
  end?: number;
  endAll?: boolean;
  json?: boolean;
}

/** `offprint admin …`: who may see the admin pages. */
export function adminCommand(): Command {
  const command = new Command('admin');
  command
    .command('create')
    .description(
      `print a single-use sign-in link, good for ${LINK_MINUTES} minutes; makes the admin where new, voids older links`,
    )
    .argument('<email>')
    .addOption(
      new Option('--role <role>', 'the first admin is an owner, others editors unless this says').choices(ROLES),
    )
    .option('--json', 'print one object')
    .action(createAction);
  command.command('list').description('list the admins').option('--json', 'print one object a line').action(listAction);
  command
    .command('remove')
    .description('remove an admin: their sessions end and their links are void at once')
    .argument('<email>')
    .option('--yes', 'do not ask')
    .option('--json', 'print the outcome as one object')
    .action(removeAction);
  command
    .command('sessions')
    .description('list the open sessions, of one admin or of all; end them')
    .argument('[email]')
    .option('--end <id>', 'end this one', wholeNumberOption(1))
    .option('--end-all', 'end all that would be listed')
    .option('--json', 'print one object a line, or the outcome')
    .action(sessionsAction);
  return command;
}

async function createAction(given: string, options: { role?: Role; json?: boolean }): Promise<void> {
  const email = addressArgument(given);
  await withContext(async (ctx) => {
    const link = await makeSignInLink(ctx, email, 'cli', options.role ?? null);
    if (options.json) printJson({ email: email, link, minutes: LINK_MINUTES });
    else process.stdout.write(`${link}\n`);
  });
}

async function listAction(options: { json?: boolean }): Promise<void> {
  await withContext(async (ctx) => {
    const admins = await listAdmins(ctx.db, ctx.now());
    if (options.json) admins.forEach(printJson);
    else
      printTable(
        admins.map(({ email, role, createdAt, lastSignedInAt, sessions }) => ({
          ...{ email, role, created: createdAt.toISOString(), 'last sign-in': lastSignedInAt?.toISOString(), sessions },
        })),
        'no admins; `offprint admin create EMAIL` makes one',
      );
  });
}

async function removeAction(given: string, flags: { yes?: boolean; json?: boolean }): Promise<void> {
  const email = addressArgument(given);
  await withContext(async (ctx) => {
    const admins = await listAdmins(ctx.db, ctx.now());
    if (!admins.some((admin) => admin.email === email)) throw unknownAdmin(email);
    if (!(await agreed(`Remove ${email}?`, flags))) return;
    const removed = await removeAdmin(ctx, email, 'cli');
    if (removed.outcome === 'last-owner') throw lastOwner(email);
    if (removed.outcome === 'unknown') throw unknownAdmin(email);
    const { outcome, sessions } = removed;
    if (flags.json) printJson({ outcome, email, sessions, adminsLeft: admins.length - 1 });
    else process.stdout.write(`removed ${email}; ${sessions} session(s) ended\n`);
    if (email === ctx.config.ADMIN_EMAIL) process.stderr.write(`ADMIN_EMAIL still sends the alarms to ${email}\n`);
  });
}

async function sessionsAction(given: string | undefined, flags: SessionFlags): Promise<void> {
  if (flags.end !== undefined && flags.endAll)
    throw new AppError('bad-input', '--end ID and --end-all: expected one of the two');
  const email = given === undefined ? undefined : addressArgument(given);
  await withContext(async (ctx) => {
    if (email !== undefined && !(await listAdmins(ctx.db, ctx.now())).some((admin) => admin.email === email))
      throw unknownAdmin(email);
    const which = { ...(email === undefined ? {} : { email }), ...(flags.end === undefined ? {} : { id: flags.end }) };
    if (flags.end === undefined && !flags.endAll) {
      const sessions = await listSessions(ctx.db, ctx.now(), which);
      if (flags.json) sessions.forEach(printJson);
      else printTable(sessions.map(inText), 'no open sessions');
      return;
    }
    const ended = (flags.end ?? 0) < 2 ** 31 ? await endSessions(ctx, which, 'cli') : 0;
    if (flags.end !== undefined && ended === 0)
      throw new AppError('not-found', `${flags.end}: no such open session; \`offprint admin sessions\` lists them`);
    if (flags.json) printJson({ ended });
    else process.stdout.write(`${ended} session(s) ended\n`);
  });
}

function inText({
  id,
  email,
  createdAt,
  lastUsedAt,
  expiresAt,
  network,
  browser,
}: Awaited<ReturnType<typeof listSessions>>[number]) {
  return {
    ...{ id, email, browser, network },
    began: createdAt.toISOString(),
    'last used': (lastUsedAt ?? createdAt).toISOString(),
    ends: expiresAt.toISOString(),
  };
}

function unknownAdmin(email: string): AppError {
  return new AppError('not-found', `${email}: no such admin; \`offprint admin list\` lists those there are`);
}
