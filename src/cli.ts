#!/usr/bin/env node
import { Command } from 'commander';
import { packageVersion } from './config.ts';
import { adminCommand } from './commands/admin.ts';
import { deliveriesCommand } from './commands/deliveries.ts';
import { editionsCommand } from './commands/editions.ts';
import { evalCommand } from './commands/eval.ts';
import { exitWith } from './commands/exit.ts';
import { ingestCommand } from './commands/ingest.ts';
import { keysCommand } from './commands/keys.ts';
import { matchCommand } from './commands/match.ts';
import { migrateCommand } from './commands/migrate.ts';
import { previewCommand } from './commands/preview.ts';
import { resendCommand } from './commands/resend.ts';
import { runCommand } from './commands/run.ts';
import { serveCommand } from './commands/serve.ts';
import { subscribersCommand } from './commands/subscribers.ts';
import { suppressCommand } from './commands/suppress.ts';
import { topicsCommand } from './commands/topics.ts';
import { workerCommand } from './commands/worker.ts';

const program = new Command('offprint')
  .description('The trending research papers of the day, chosen for each reader and sent to their inbox.')
  .version(packageVersion())
  .showHelpAfterError()
  .exitOverride();

const commands = [
  serveCommand(),
  workerCommand(),
  ingestCommand(),
  matchCommand(),
  evalCommand(),
  previewCommand(),
  runCommand(),
  deliveriesCommand(),
  editionsCommand(),
  resendCommand(),
  subscribersCommand(),
  suppressCommand(),
  topicsCommand(),
  adminCommand(),
  keysCommand(),
  migrateCommand(),
];
for (const command of commands) program.addCommand(command);
inheritExit(program);

program.parseAsync().catch(exitWith);

/** Bad usage of a nested command must end with our exit code too. */
function inheritExit(command: Command): void {
  command.exitOverride().showHelpAfterError();
  for (const child of command.commands) inheritExit(child);
}
