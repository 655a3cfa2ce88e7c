import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseCapture } from '../../src/ingest/parse-capture.ts';
import { addDays, weekdayOf } from '../../src/lib/time.ts';
import type { ParsedDigest, ParsedEntry } from '../../src/model/digest.ts';

/** Reads the digests of a folder, oldest list day first; what cannot be read is left out. */
export function readDays(folder: string, pattern: RegExp): ParsedDigest[] {
  const days = readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => parseCapture(readFileSync(join(folder, name)), { name: basename(name), fetchedAt: READ_AT }));
  return days.sort((a, b) => (a.digestOn < b.digestOn ? -1 : 1));
}

const READ_AT = new Date('2026-11-20T12:00:00Z');

/** Days that stay together when days are drawn: a day is like its neighbours, and a holiday has a day before it. */
const TOGETHER = 5;

/**
 * Makes a longer run of weekdays out of real ones, five in a row at a time: real numbers and ages, titles of their own.
 */
export function drawDays(real: readonly ParsedDigest[], count: number, random: () => number): ParsedDigest[] {
  let from = 0;
  return weekdays('2024-01-01', count).map((digestOn, nth) => {
    if (nth % TOGETHER === 0) from = Math.floor(random() * real.length);
    const day = real[(from + (nth % TOGETHER)) % real.length]!;
    return { ...day, digestOn, entries: day.entries.map((entry) => moved(entry, day.digestOn, digestOn)) };
  });
}

function moved(entry: ParsedEntry, from: string, to: string): ParsedEntry {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  const publishedOn = entry.publishedOn && addDays(entry.publishedOn, days);
  return { ...entry, title: `${entry.title} (${to})`, publishedOn };
}

/**
 * Invents a run of weekdays such as a daily list has: numbers of papers scatter by a lognormal law around a level that
 * wanders (median 15, one day in twenty over 35, at most 50, as measured on 558 days of one), and turn low for two
 * weeks at the end of a year.
 */
export function inventDays(count: number, random: () => number): ParsedDigest[] {
  let wander = 0;
  return weekdays('2024-01-01', count).map((digestOn) => {
    wander = 0.9 * wander + 0.15 * normal(random);
    const lull = digestOn.slice(5) >= '12-22' || digestOn.slice(5) <= '01-03' ? Math.log(0.5) : 0;
    const size = Math.exp(Math.log(15) + wander + lull + 0.38 * normal(random));
    const entries = Array.from({ length: Math.min(50, Math.max(1, Math.round(size))) }, (_, nth) =>
      invented(digestOn, nth, Math.floor(-Math.log(1 - random()) * 3)),
    );
    return { digestOn, entries, warnings: [] };
  });
}

function invented(digestOn: string, nth: number, age: number): ParsedEntry {
  return {
    position: nth + 1,
    title: `Kelp of ${digestOn}, kind ${nth}`,
    abstract: 'We grow kelp.',
    authors: [],
    authorCount: null,
    organization: null,
    publishedOn: addDays(digestOn, -age),
    upvotes: null,
    comments: null,
    arxivId: null,
    doi: null,
    url: null,
    codeUrl: null,
    discussionUrl: null,
  };
}

function weekdays(from: string, count: number): string[] {
  const days: string[] = [];
  for (let day = from; days.length < count; day = addDays(day, 1)) if (weekdayOf(day) <= 5) days.push(day);
  return days;
}

/** A standard normal number (Box and Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
