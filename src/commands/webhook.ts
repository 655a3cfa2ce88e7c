import { Command } from 'commander';
import type { Context } from '../context.ts';
import { listEndpoints, type HookEndpoint } from '../db/hooks/endpoints.ts';
import { listMessages, type LoggedMessage } from '../db/hooks/messages.ts';
import { AppError } from '../lib/errors.ts';
import type { Actor } from '../model/actor.ts';
import { HOOK_EVENTS, LOG_DAYS } from '../model/hook.ts';
import * as webhooks from '../operate/webhooks.ts';
import { listOption, printJson, printTable, wholeNumberOption, withContext } from './support.ts';

interface Flags {
  json?: boolean;
}

/** Messages of the log that are printed. */
const LOG_ROWS = 50;

type Act = (ctx: Context, id: string, by: Actor) => Promise<webhooks.HookOutcome>;

const ACTS: Record<string, { does: string; run: Act; unchanged: string }> = {
  rotate: {
    does: 'print a new secret; for a day the one before signs too',
    run: webhooks.rotateWebhook,
    unchanged: '',
  },
  test: { does: 'send it a message that says nothing', run: webhooks.testWebhook, unchanged: '' },
  off: { does: 'send it nothing more', run: webhooks.switchWebhookOff, unchanged: 'is off already' },
  on: { does: 'send to it again', run: webhooks.switchWebhookOn, unchanged: 'is on already' },
  remove: { does: 'delete it with its log', run: webhooks.removeWebhook, unchanged: 'is gone' },
};

/** `offprint webhook …`: the programs that are told what happens. */
export function webhookCommand(): Command {
  const command = new Command('webhook');
  command
    .command('add')
    .description('tell a program what happens; prints its id and the secret its signatures are checked with')
    .argument('<url>')
    .option('--event <event>', 'only of these; may be repeated', listOption)
    .option('--json', 'print one object')
    .addHelpText('after', `\nEvents:\n${eventsText()}`)
    .action(addAction);
  command
    .command('list')
    .description('list them and how they fare')
    .option('--json', 'print one object a line')
    .action(listAction);
  for (const [name, { does }] of Object.entries(ACTS))
    command
      .command(name)
      .description(does)
      .argument('<id>')
      .option('--json', 'print the outcome as one object')
      .action((id: string, flags: Flags) => actAction(name, id, flags));
  addLog(command);
  return command;
}

function addLog(command: Command): void {
  command
    .command('log')
    .description('list what it was told, newest first, and what it answered')
    .argument('<id>')
    .option('--json', 'print one object a line')
    .action(logAction);
  command
    .command('replay')
    .description('send again: one message, else all that failed; ids stay')
    .argument('<id>')
    .argument('[message]')
    .option('--days <n>', `how far back (default: ${LOG_DAYS})`, wholeNumberOption(1))
    .option('--json', 'print the outcome as one object')
    .action(replayAction);
}

function eventsText(): string {
  return Object.entries(HOOK_EVENTS)
    .map(([event, when]) => `  ${event.padEnd(23)} ${when}\n`)
    .join('');
}

async function addAction(url: string, { event: events = [], json }: Flags & { event?: string[] }): Promise<void> {
  await withContext(async (ctx) => {
    const { endpoint, secret } = await webhooks.addWebhook(ctx, { url, events }, 'cli');
    if (json) printJson({ id: endpoint.publicId, secret, events: endpoint.events });
    else process.stdout.write(`${endpoint.publicId}\n${secret}\n`);
  });
}

async function listAction({ json }: Flags): Promise<void> {
  await withContext(async (ctx) => {
    const rows = await listEndpoints(ctx.db);
    if (json) rows.map(toJson).forEach(printJson);
    else printTable(rows.map(shown), 'no webhooks; `offprint webhook add URL` makes one');
  });
}

function toJson({ publicId, url, events, createdAt, rotatedAt, failingSince, offAt, offBecause }: HookEndpoint) {
  return { id: publicId, url, events, createdAt, rotatedAt, failingSince, offAt, offBecause };
}

function shown({ publicId, url, events, failingSince, offAt, offBecause }: HookEndpoint) {
  const failing = failingSince ? `failing since ${failingSince.toISOString()}` : 'well';
  const all = events.length === Object.keys(HOOK_EVENTS).length;
  const state = offAt ? `off: ${offBecause ?? ''}` : failing;
  return { id: publicId, host: new URL(url).host, events: all ? 'all' : events.join(' '), state };
}

async function actAction(name: string, id: string, { json }: Flags): Promise<void> {
  const act = ACTS[name];
  await withContext(async (ctx) => {
    const result = (await act?.run(ctx, id, 'cli')) ?? { outcome: 'unknown' };
    if (result.outcome === 'unknown') throw unknown(id);
    if (result.outcome === 'unchanged') throw new AppError('conflict', `${id} ${act?.unchanged ?? ''}`);
    const secret = 'secret' in result ? result.secret : undefined;
    if (json) printJson({ id, ...result });
    else process.stdout.write(`${secret ?? `done: ${name} ${id}`}\n`);
  });
}

async function logAction(id: string, { json }: Flags): Promise<void> {
  await withContext(async (ctx) => {
    const endpoint = (await listEndpoints(ctx.db)).find(({ publicId }) => publicId === id);
    if (!endpoint) throw unknown(id);
    const { rows } = await listMessages(ctx.db, { endpointId: endpoint.id, limit: LOG_ROWS });
    if (json) rows.map(messageJson).forEach(printJson);
    else printTable(rows.map(messageRow), 'nothing was told yet');
  });
}

function messageJson({ publicId, event, data, at, state, log }: LoggedMessage) {
  const tries = log.map((one) => ({ at: one.at, status: one.status, problem: one.problem, ms: one.ms }));
  return { id: publicId, event, data, at, state, tries };
}

function messageRow({ publicId, event, at, state, tries, log }: LoggedMessage) {
  return {
    at: at.toISOString(),
    event,
    state,
    tries,
    'last answer': log.at(-1)?.problem ?? log.at(-1)?.status,
    id: publicId,
  };
}

async function replayAction(
  id: string,
  message: string | undefined,
  { days = LOG_DAYS, json }: Flags & { days?: number },
): Promise<void> {
  await withContext(async (ctx) => {
    const which = message === undefined ? { days } : { message };
    const { outcome, messages = 0 } = await webhooks.replayWebhook(ctx, id, which, 'cli');
    if (outcome === 'unknown') throw unknown(id);
    if (json) printJson({ outcome, messages });
    else process.stdout.write(`${messages} message(s) go again\n`);
  });
}

function unknown(id: string): AppError {
  return new AppError('not-found', `${id}: no such webhook; \`offprint webhook list\` lists them`);
}
