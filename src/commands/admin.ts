import { Command } from 'commander';
import { LINK_MINUTES, makeSignInLink } from '../admin/sign-in.ts';
import { addressArgument } from './address-argument.ts';
import { printJson, withContext } from './support.ts';

/** `offprint admin …`: who may see the admin pages. */
export function adminCommand(): Command {
  const command = new Command('admin').description('who may see the admin pages');
  command
    .command('create')
    .description(`print a single-use sign-in link, good for ${LINK_MINUTES} minutes; makes the admin where new`)
    .argument('<email>')
    .option('--json', 'print one object')
    .action(createAction);
  return command;
}

async function createAction(given: string, options: { json?: boolean }): Promise<void> {
  const email = addressArgument(given);
  await withContext(async (ctx) => {
    const link = await makeSignInLink(ctx, email, { actor: 'cli' });
    if (options.json) printJson({ email: email, link, minutes: LINK_MINUTES });
    else process.stdout.write(`${link}\n`);
  });
}
