import { COUNTED } from '../db/subscribers/next-slot.ts';
import { isWelcome } from '../model/edition.ts';
import type { Status } from '../operate/status.ts';
import { pageOf } from '../operate/alarms/codes.ts';

/** Most of anything that one screen shows. */
const MOST = 8;

/** Writes the screen of `offprint status`. */
export function statusScreen(status: Status): string {
  const { processes, relays, perMinute, running, next, readers, digest, backupAt, alarms, needs, at } = status;
  const sections: [string, string[]][] = [
    ['Processes', processes.map(processLine)],
    ['Mail servers', relays.map(relayLine)],
    ['Going out', running.map(runningLine)],
    ['Open alarms', alarms.map(({ code, subject, openedAt }) => `${code}  ${subject}  since ${ago(openedAt, at)}`)],
    ['Needs somebody', needs.flatMap(({ code, happened, type }) => [happened, `  ${type}   (${pageOf(code)})`])],
  ];
  const facts = [
    `Readers        ${readers.confirmed} confirmed, ${readers.pending} not yet, ${readers.unsubscribed} left`,
    `Next slot      ${next ? `${minute(next.at)} for ${readersOf(next)}` : 'nobody has one'}`,
    `Speed          ${perMinute.toFixed(perMinute < 10 ? 1 : 0)} mails a minute over the last five`,
    `Last digest    ${digest ? `${digest.digestOn} from ${digest.source}, came ${ago(digest.arrivedAt, at)} ago` : 'none yet'}`,
    `Last backup    ${backupAt ? `${ago(backupAt, at)} ago` : 'none is known'}`,
  ];
  const listed = sections.flatMap(([title, lines]) => ['', title, ...shown(lines).map((line) => `  ${line}`)]);
  return `${[`Offprint at ${minute(at)}`, '', ...facts, ...listed].join('\n')}\n`;
}

/** More are not counted one by one. */
function readersOf({ readers }: NonNullable<Status['next']>): string {
  if (readers > COUNTED) return `more than ${COUNTED.toLocaleString('en')} readers`;
  return readers === 1 ? '1 reader' : `${readers} readers`;
}

function shown(lines: readonly string[]): string[] {
  if (lines.length === 0) return ['none'];
  const most = MOST * 2;
  return lines.length > most
    ? [...lines.slice(0, most), `… and ${lines.length - most} more: --json has all`]
    : [...lines];
}

function processLine({ kind, version, host, pid, seconds, lost }: Status['processes'][number]): string {
  return `${lost ? '✗' : '✓'} ${kind.padEnd(7)} ${version}  ${host}:${pid}  seen ${Math.round(seconds)} s ago${lost ? ', lost' : ''}`;
}

function relayLine({ name, problem, perMinute }: Status['relays'][number]): string {
  const limit = perMinute === null ? '' : `, at most ${perMinute} a minute`;
  return problem === null ? `✓ ${name}${limit}` : `✗ ${name}: ${problem}`;
}

/** What was sent of a welcome, which never ends, is of all years. */
function runningLine({ key, sent, waiting, minutesLeft }: Status['running'][number]): string {
  const left = minutesLeft === null ? 'nothing leaves just now' : `about ${minutesLeft} min left`;
  return `${key}: ${isWelcome(key) ? '' : `${sent} sent, `}${waiting} wait, ${left}`;
}

function minute(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function ago(from: Date, to: Date): string {
  const minutes = Math.max(0, Math.round((to.getTime() - from.getTime()) / 60_000));
  if (minutes < 120) return `${minutes} min`;
  return minutes < 2_880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1_440)} days`;
}
