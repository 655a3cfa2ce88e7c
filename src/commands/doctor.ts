import { isIP } from 'node:net';
import { Command } from 'commander';
import { diagnosisView, isWell } from '../api/schemas/diagnosis.ts';
import { loadConfig, type Config } from '../config.ts';
import { previousSecretsOf, secretOf } from '../wrapping-secrets.ts';
import { openClient } from '../ingest/asking/client.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import { withoutSecrets } from '../lib/redact.ts';
import { clock, openLook } from '../look.ts';
import { problem, type Check } from '../operate/doctor/check.ts';
import { examine } from '../operate/doctor/examine.ts';
import { recordsToPublish, type DnsRecord } from '../operate/doctor/records.ts';

interface DoctorFlags {
  dns?: string;
  json?: boolean;
}

const SIGNS: Record<Check['state'], string> = { ok: '✓', warning: '!', problem: '✗' };

/** Builds `offprint doctor`: what keeps newsletters from arriving, each with a remedy; exit code 1 where it is much. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .option(
      '--dns <server>',
      'the name service to ask, such as 192.0.2.53 or 127.0.0.1:5353; else that of this machine',
    )
    .option('--json', 'print one object')
    .action(async ({ dns, json = false }: DoctorFlags) => {
      const { checks, records } = await diagnose(checkedServer(dns));
      if (json) process.stdout.write(`${JSON.stringify(diagnosisView(checks, records))}\n`);
      else process.stdout.write(inText(checks, records));
      process.exitCode = isWell(checks) ? 0 : 1;
    });
}

function checkedServer(dns: string | undefined): string | undefined {
  const host = dns?.replace(/:\d+$/, '').replace(/^\[|\]$/g, '') ?? '127.0.0.1';
  if (isIP(host) === 0) throw new AppError('bad-input', `--dns ${dns ?? ''}: expected an address such as 192.0.2.53`);
  return dns;
}

async function diagnose(dnsServer: string | undefined): Promise<{ checks: Check[]; records: DnsRecord[] }> {
  let config: Config;
  try {
    config = loadConfig();
  } catch (error) {
    return {
      checks: [problem('settings', withoutSecrets(messageOf(error)), 'correct .env; .env.example explains each')],
      records: [],
    };
  }
  const look = await openLook(config).catch((error: unknown) => ({ problem: messageOf(error) }));
  try {
    const db = 'db' in look ? look.db : look;
    const wrapping =
      'db' in look ? { secret: secretOf(config), previous: previousSecretsOf(config) } : { secret: undefined };
    const replica = 'db' in look ? look.replica : null;
    const checks = await examine({
      config,
      db,
      replica,
      wrapping,
      fetchSource: openClient(config),
      now: clock,
      dnsServer,
    });
    return { checks, records: recordsToPublish(config) };
  } finally {
    if ('close' in look) await look.close();
  }
}

function inText(checks: readonly Check[], records: readonly DnsRecord[]): string {
  const lines = checks.flatMap(({ name, about, state, says, remedy }) => [
    `${SIGNS[state]} ${name.padEnd(12)} ${about === '' ? '' : `${about}: `}${says}`,
    ...(remedy === null ? [] : [`${' '.repeat(15)}→ ${remedy}`]),
  ]);
  const dns = records.map(({ name, type, value }) => `${name}  ${type}  ${type === 'TXT' ? `"${value}"` : value}`);
  const publish = dns.length > 0 ? ['', 'To publish in the DNS:', ...dns] : [];
  return `${[...lines, ...publish, '', summary(checks)].join('\n')}\n`;
}

function summary(checks: readonly Check[]): string {
  const [problems, warnings] = (['problem', 'warning'] as const).map(
    (state) => checks.filter((one) => one.state === state).length,
  );
  return problems === 0 && warnings === 0 ? 'All is well.' : `${problems ?? 0} problems, ${warnings ?? 0} warnings.`;
}
