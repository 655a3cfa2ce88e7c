import { Command } from 'commander';
import { listTokens, type ApiToken } from '../db/operator/api-tokens.ts';
import { AppError } from '../lib/errors.ts';
import { SCOPES } from '../model/scope.ts';
import { createToken, MAX_TOKEN_DAYS, TOKEN_DAYS } from '../operate/create-token.ts';
import { revokeToken } from '../operate/revoke-token.ts';
import { listOption, printJson, printTable, wholeNumberOption, withContext } from './support.ts';

interface CreateFlags {
  scope?: string[];
  days?: number;
  json?: boolean;
}

/** `offprint token …`: the programs that may ask the API. */
export function tokenCommand(): Command {
  const command = new Command('token');
  command
    .command('create')
    .description('print a new token, this once: only its SHA-256 is kept')
    .argument('<name>', 'names it in the audit log')
    .option('--scope <scope>', 'what it may do; may be repeated', listOption)
    .option('--days <n>', `how long it works, ${MAX_TOKEN_DAYS} at most (default: ${TOKEN_DAYS})`, wholeNumberOption(1))
    .option('--json', 'print one object')
    .addHelpText('after', `\nScopes:\n${scopesText()}`)
    .action(createAction);
  command
    .command('list')
    .description('list the tokens, newest first')
    .option('--json', 'print one object a line')
    .action(listAction);
  command
    .command('revoke')
    .description('end a token at once')
    .argument('<name>')
    .option('--json', 'print the outcome as one object')
    .action(revokeAction);
  return command;
}

function scopesText(): string {
  return Object.entries(SCOPES)
    .map(([scope, lets]) => `  ${scope.padEnd(19)} ${lets}\n`)
    .join('');
}

async function createAction(name: string, { scope: scopes = [], days, json }: CreateFlags): Promise<void> {
  await withContext(async (ctx) => {
    const { secret, token } = await createToken(ctx, { name, scopes, days }, 'cli');
    if (json) printJson({ token: secret, name, scopes: token.scopes, expiresAt: token.expiresAt });
    else process.stdout.write(`${secret}\n`);
  });
}

async function listAction({ json }: { json?: boolean }): Promise<void> {
  await withContext(async (ctx) => {
    const tokens = await listTokens(ctx.db);
    if (json) tokens.map(toJson).forEach(printJson);
    else
      printTable(
        tokens.map((token) => shown(token, ctx.now())),
        'no tokens; `offprint token create NAME` makes one',
      );
  });
}

function toJson({ name, scopes, createdAt, expiresAt, lastUsedAt, revokedAt }: ApiToken) {
  return { name, scopes, createdAt, expiresAt, lastUsedAt, revokedAt };
}

function shown({ name, scopes, expiresAt, lastUsedAt, revokedAt }: ApiToken, now: Date) {
  const state = revokedAt ? 'revoked' : expiresAt <= now ? 'expired' : 'works';
  return {
    name,
    state,
    scopes: scopes.join(' '),
    expires: expiresAt.toISOString(),
    'last used': lastUsedAt?.toISOString(),
  };
}

async function revokeAction(name: string, { json }: { json?: boolean }): Promise<void> {
  await withContext(async (ctx) => {
    const { outcome } = await revokeToken(ctx, name, 'cli');
    if (outcome === 'unknown')
      throw new AppError('not-found', `${name}: no token of that name works; \`offprint token list\` lists them`);
    if (json) printJson({ outcome, name });
    else process.stdout.write(`revoked ${name}\n`);
  });
}
