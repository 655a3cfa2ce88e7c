import type { Config } from '../../config.ts';
import type { SourceFetch } from '../../context.ts';
import type { Db } from '../../db/client.ts';
import type { Wrapping } from '../../db/keys.ts';
import { oneLine } from '../../lib/errors.ts';
import { isSampleSource } from '../../samples.ts';
import { checkDisk } from '../readiness.ts';
import { reportSources } from '../report-sources.ts';
import { openDns, unanswered } from './ask-dns.ts';
import { CHECKS, ok, problem, warning, type Check } from './check.ts';
import { checkDatabase, type Patient } from './database.ts';
import { checkDkim } from './dkim.ts';
import { checkBackup, checkJournal, checkKept } from './keeping.ts';
import { checkMailServers } from './mail-servers.ts';
import { checkBounces, checkDmarc, checkEhlo, checkSpf, sendingNames } from './names.ts';
import { checkOutside } from './outside.ts';
import { checkSettings, isForOthers } from './settings.ts';

/** All that is examined. */
export interface Examination {
  config: Config;
  /** The database, or why there is none to look at. */
  db: Db | { problem: string };
  /** Where lists are read, if DATABASE_READ_URL names one. */
  replica?: Db | null;
  wrapping: Wrapping;
  fetchSource: SourceFetch;
  now: () => Date;
  /** The name service to ask; that of this machine where it is not said. */
  dnsServer?: string | undefined;
}

/** Looks at everything that keeps newsletters from arriving, and says what to do about it; changes nothing. */
export async function examine(patient: Examination): Promise<Check[]> {
  const { config, fetchSource } = patient;
  const outside = isForOthers(config) || new URL(config.PUBLIC_URL).hostname !== 'localhost';
  const none = Promise.resolve<Check[]>([]);
  const groups = await Promise.all([
    examineMachine(config),
    examineDatabase(patient),
    checkMailServers(config),
    isForOthers(config) ? examineNames(config, patient.dnsServer) : none,
    outside ? checkOutside(config, fetchSource) : none,
  ]);
  return [...checkSettings(config), ...groups.flat()].sort((a, b) => CHECKS.indexOf(a.name) - CHECKS.indexOf(b.name));
}

async function examineMachine(config: Config): Promise<Check[]> {
  const { ok: enough, says } = await checkDisk(config.DATA_DIR);
  const disk = enough ? ok('disk', says) : problem('disk', says, 'make room, or let DATA_DIR lie elsewhere');
  return [disk, ...(await checkKept(config)), await checkJournal(config)];
}

async function examineDatabase({ db, replica = null, config, wrapping, now }: Examination): Promise<Check[]> {
  if ('problem' in db) return [problem('database', db.problem, 'start it, or correct DATABASE_URL')];
  const patient: Patient = { db, replica, config, wrapping, now };
  const checks = await checkDatabase(patient);
  const stands = checks.some(({ name, state }) => name === 'migrations' && state === 'ok');
  return stands ? [...checks, await checkBackup(patient), ...(await examineSources(patient))] : checks;
}

async function examineSources(patient: Patient): Promise<Check[]> {
  const reports = await reportSources(patient);
  return reports.map(({ source, state, record, quietWeekdays }) => {
    if (isSampleSource(patient.config, source))
      return warning(
        'sources',
        'samples that come with Offprint, until SOURCES names real lists',
        'SOURCES=hf',
        source,
      );
    if (state === 'failing') return problem('sources', `fails: ${record?.failure ?? ''}`, 'offprint sources', source);
    if (state === 'silent')
      return warning(
        'sources',
        `nothing new for ${quietWeekdays} weekdays`,
        'look whether it moved: offprint sources',
        source,
      );
    if (record?.failingSince) {
      const says = `failed when it was last asked: ${record.failure ?? ''}`;
      return warning('sources', says, 'offprint sources', source);
    }
    return ok('sources', record?.lastSuccessAt ? 'answers' : 'was not asked yet', source);
  });
}

/** What receivers ask of the name service; where nothing at all is answered, that is one thing to mend. */
async function examineNames(config: Config, server: string | undefined): Promise<Check[]> {
  const names = sendingNames(config);
  const own = [names.from, names.envelope, config.DKIM_DOMAIN];
  const dns = openDns(server, (name) => own.some((domain) => name === domain || name.endsWith(`.${domain}`)));
  const faults: { error: unknown; check: Check }[] = [];
  const found = await Promise.all(
    [
      { name: 'ehlo', about: names.ehlo ?? '', look: checkEhlo(names, dns) } as const,
      { name: 'spf', about: names.envelope, look: checkSpf(names, dns) } as const,
      { name: 'dkim', about: config.DKIM_DOMAIN ?? '', look: checkDkim(config, dns) } as const,
      { name: 'dmarc', about: names.from, look: checkDmarc(config, names, dns) } as const,
      { name: 'bounces', about: names.envelope, look: checkBounces(config, names, dns) } as const,
    ].map(({ name, about, look }) =>
      look.catch((error: unknown) => {
        faults.push({ error, check: unanswered(name, error, about) });
        return [];
      }),
    ),
  );
  const [first] = faults;
  if (!first || dns.answers()) return [...found.flat(), ...faults.map(({ check }) => check)];
  const says = `the name service does not answer: ${oneLine(first.error)}`;
  return [...found.flat(), problem('dns', says, 'look at /etc/resolv.conf, or ask another by --dns')];
}
