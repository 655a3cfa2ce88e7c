import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { migrationNames } from '../../db/migrate.ts';
import type { Db } from '../../db/client.ts';
import { lookAtReplica } from '../../db/replica.ts';
import { lookAtServer } from '../../db/operator/server-facts.ts';
import { lookAtClock } from '../../db/operator/processes.ts';
import { compareSchema } from '../../db/schema-standing.ts';
import { howKeysOpen, type Wrapping } from '../../db/keys.ts';
import { oneLine } from '../../lib/errors.ts';
import { withoutSecrets } from '../../lib/redact.ts';
import { PACKAGE_ROOT, packageVersion } from '../../package.ts';
import { CLOCK_SECONDS } from '../alarms/look-for-trouble.ts';
import { ok, problem, warning, type Check } from './check.ts';

/** What is asked about the database. */
export interface Patient extends Pick<Context, 'db' | 'config' | 'now'> {
  /** What wraps the keys, if anything. */
  wrapping: Wrapping;
  /** Where lists are read, if DATABASE_READ_URL names one. */
  replica?: Db | null;
}

/** The oldest PostgreSQL there may be. */
const OLDEST = 150_000;
/** Sessions of a process beside those that send. */
const SESSIONS = 12;

/** Looks at the database from the server down to the keys; where it does not answer, that is all there is to say. */
export async function checkDatabase(patient: Patient): Promise<Check[]> {
  try {
    const facts = await lookAtServer(patient.db);
    const { version, versionName } = facts;
    if (version < OLDEST)
      return [problem('database', `PostgreSQL ${versionName} is too old; expected 15 or newer`, 'upgrade the server')];
    const rest = [checkVacuum(facts), checkConnections(patient, facts)];
    return [
      await checkClock(patient),
      ok('database', `PostgreSQL ${versionName} answers in ${facts.ms.toFixed(0)} ms`),
      ...(await checkReplica(patient)),
      ...(await checkSchema(patient)),
      ...rest,
    ];
  } catch (error) {
    const words = withoutSecrets(oneLine(error));
    return [problem('database', `it does not answer: ${words}`, 'start it, or correct DATABASE_URL')];
  }
}

async function checkClock({ db, now }: Patient): Promise<Check> {
  const seconds = Math.round((now().getTime() - (await lookAtClock(db)).getTime()) / 1_000);
  const says = `this machine's clock is ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} the database's`;
  if (Math.abs(seconds) <= 5) return ok('clock', 'this machine and the database agree about the time');
  const remedy = 'let both follow the same time servers: timedatectl set-ntp true';
  return Math.abs(seconds) > CLOCK_SECONDS ? problem('clock', says, remedy) : warning('clock', says, remedy);
}

async function checkReplica({ db, replica }: Patient): Promise<Check[]> {
  if (!replica) return [];
  const { state, problem: fault } = await lookAtReplica(db, replica);
  const instead = 'lists are read from the database itself';
  if (state === 'well') return [ok('replica', 'it answers, and keeps up with the database')];
  if (state === 'behind')
    return [
      warning(
        'replica',
        `it is behind by more than a second: ${instead}`,
        'SELECT * FROM pg_stat_replication; on the database',
      ),
    ];
  const words = withoutSecrets(oneLine(fault));
  return [warning('replica', `it does not answer: ${words}; ${instead}`, 'start it, or correct DATABASE_READ_URL')];
}

async function checkSchema({ db, wrapping }: Patient): Promise<Check[]> {
  const { missing, unknown } = await compareSchema(
    db,
    await migrationNames(join(PACKAGE_ROOT, 'prisma', 'migrations')),
    packageVersion(),
  );
  if (missing.length > 0)
    return [problem('migrations', `it lacks ${missing.length}, the first is ${missing[0] ?? ''}`, 'offprint migrate')];
  const schema =
    unknown.length > 0
      ? problem(
          'migrations',
          `a newer release brought it to ${unknown.at(-1) ?? ''}`,
          'run that release, or a newer one',
        )
      : ok('migrations', 'it is up to date');
  return [schema, checkKeys(await howKeysOpen(db, wrapping), wrapping)];
}

function checkKeys(keys: Awaited<ReturnType<typeof howKeysOpen>>, { previous = [] }: Wrapping): Check {
  if (keys.how === 'closed') return problem('keys', keys.why, 'set SECRET to what it was, or SECRET_PREVIOUS');
  if (keys.how === 'opens-by-previous')
    return warning(
      'keys',
      'they open by SECRET_PREVIOUS alone',
      'restart any process: the first to start wraps them with SECRET',
    );
  const spare = previous.length > 0 ? '; SECRET_PREVIOUS is needed no more once every process has SECRET' : '';
  return ok('keys', `the keys open${spare}`);
}

type Facts = Awaited<ReturnType<typeof lookAtServer>>;

function checkVacuum({ autovacuum }: Facts): Check {
  return autovacuum
    ? ok('vacuum', 'autovacuum is on')
    : problem(
        'vacuum',
        'autovacuum is off: the ledger grows, and claims become slow',
        'ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf();',
      );
}

function checkConnections({ config }: Patient, { most, used }: Facts): Check {
  const wants = config.SEND_CONNECTIONS + SESSIONS;
  const free = most - used;
  const says = `${used} of ${most} connections are in use; each process may open ${wants}`;
  if (free >= wants) return ok('connections', says);
  const remedy = 'raise max_connections, or lower SEND_CONNECTIONS';
  return free < SESSIONS ? problem('connections', says, remedy) : warning('connections', says, remedy);
}
