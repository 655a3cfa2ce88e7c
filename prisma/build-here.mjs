// Builds the program where it is developed, so that `npm ci && npm start` finds it. npm runs this for a checkout (`prepare`), never
// for whoever installs the package, in which dist/ lies already. Where the compilers were left out (`npm ci --omit=dev`), what was
// built elsewhere has to be put there. Before packing (`prepack`) dist/ is made anew, so that no module goes out whose source is gone.
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';

const isFirst = process.argv.includes('--anew');
const isPacking = ['pack', 'publish'].includes(process.env.npm_command);

if (isFirst) rmSync('dist', { recursive: true, force: true });
if (isPacking && !isFirst) process.exit(); // npm prepares once more after `prepack`
else if (existsSync('node_modules/@types/express'))
  execFileSync('npm', ['run', 'build'], { stdio: ['inherit', process.stderr, 'inherit'], shell: true });
else if (!existsSync('dist/main.js'))
  console.warn('Installed without compilers: copy dist/ from a machine that has run `npm ci`, or run `npm ci` here.');
