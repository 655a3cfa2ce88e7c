/**
 * Loaded into a program by `--import`: sets its clock by as many milliseconds as stand in the file that TEST_CLOCK_FILE
 * names, while it runs.
 */
import { readFileSync } from 'node:fs';
import { env } from 'node:process';
import { setInterval } from 'node:timers';

const LOOK_MS = 200;
const Real = Date;
let shiftMs = 0;

function look() {
  shiftMs = Number(readFileSync(env.TEST_CLOCK_FILE ?? '', 'utf8')) || 0;
}
look();
setInterval(look, LOOK_MS).unref();

const now = () => Real.now() + shiftMs;
globalThis.Date = new Proxy(Real, {
  construct: (target, given, asked) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, asked === globalThis.Date ? target : asked),
  apply: () => new Real(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
