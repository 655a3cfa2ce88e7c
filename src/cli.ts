#!/usr/bin/env node
import './lib/navigator.ts';
import { Command } from 'commander';
import { exit, exitWith, goOnUnheard } from './commands/exit.ts';
import { COMMANDS } from './commands/registry.ts';
import { packageVersion } from './package.ts';

/** These work on until a signal ends them. */
const LASTING: ReadonlySet<string | undefined> = new Set(['serve', 'worker']);

const program = new Command('offprint')
  .description('The trending research papers of the day, chosen for each reader and sent to their inbox.')
  .version(packageVersion())
  .configureHelp({ subcommandTerm: (command) => command.name() })
  .showHelpAfterError()
  .exitOverride();

goOnUnheard();

// Whoever names no command wants the service: `npx offprint` in an empty folder starts it.
run(process.argv.length > 2 ? process.argv : [...process.argv, 'serve']).catch(exitWith);

/**
 * Loads the one command that is called, `offprint NAME` or `offprint help NAME`, and lets it work; the others are but
 * names in the help.
 */
async function run(argv: readonly string[]): Promise<void> {
  const words = argv.slice(2).filter((word) => !word.startsWith('-'));
  const called = words[0] === 'help' ? words[1] : words[0];
  for (const entry of COMMANDS) {
    const command = entry.name === called ? await entry.load() : new Command(entry.name);
    program.addCommand(command.description(entry.does));
  }
  inheritExit(program);
  await program.parseAsync(argv);
  if (!LASTING.has(called)) exit();
}

/** Bad usage of a nested command must end with our exit code too. */
function inheritExit(command: Command): void {
  command.exitOverride().showHelpAfterError();
  for (const child of command.commands) inheritExit(child);
}
