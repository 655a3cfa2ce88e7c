// Builds the program after `npm ci`, so that `npm start` finds it. Where the types were left out (`npm ci --omit=dev`), what was
// built elsewhere has to lie in dist/ already, or has to be put there: the Dockerfile does so.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

if (existsSync('node_modules/@types/express')) execFileSync('npm', ['run', 'build'], { stdio: 'inherit', shell: true });
else if (!existsSync('dist/main.js'))
  console.warn('Installed without compilers: copy dist/ from a machine that has run `npm ci`, or run `npm ci` here.');
