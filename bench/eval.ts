import { evalCommand } from '../src/commands/eval.ts';

await evalCommand().parseAsync(process.argv);
