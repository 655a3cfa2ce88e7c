import { loadConfig } from '../../src/config.ts';
import { openContext } from '../../src/create-context.ts';
import { runErrands } from '../../src/operate/errands/run-errands.ts';

/** Does the errands of a database, and says each tenth of a second how much memory it takes (kB). */
const ctx = await openContext(loadConfig());
const say = () => process.stdout.write(`${Math.round(process.memoryUsage().rss / 1024)}\n`);
say();
const timer = setInterval(say, 100);
await runErrands(ctx, 'errands');
clearInterval(timer);
await ctx.close();
