import { evalCommand } from '../src/commands/eval.ts';
import { hearResults } from './results.ts';

const results = hearResults('eval');
await evalCommand().parseAsync(process.argv);
await results.finish();
