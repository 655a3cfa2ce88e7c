import { serve } from './commands/serve.ts';
import { exitWith } from './commands/exit.ts';

serve().catch(exitWith);
