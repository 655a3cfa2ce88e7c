import { execFileSync } from 'node:child_process';

/** Lets a program that refuses root run as the user `postgres`, where the tests are root's. */
export function asOrdinaryUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
