// Finds a number whose SHA-256 with a text before it starts with enough zero bits. Browsers offer SHA-256 themselves over
// https alone; this one (FIPS 180-4) works on a plain connection too, and needs no waiting for each hash.

const [K, START] = constants();

/** Finds the number; lets the page breathe meanwhile. */
export async function solve(text, bits) {
  for (let n = 0; ; n++) {
    if (firstWord(`${text} ${n}`) >>> (32 - bits) === 0) return n;
    if (n % 4096 === 4095) await new Promise((resolve) => setTimeout(resolve));
  }
}

/** The first 32 bits of the hash of a text in ASCII. */
export function firstWord(text) {
  const words = new Uint32Array((((text.length + 8) >> 6) + 1) << 4);
  for (let at = 0; at < text.length; at++) words[at >> 2] |= text.charCodeAt(at) << (24 - 8 * (at & 3));
  words[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
  words[words.length - 1] = 8 * text.length;
  const state = START.slice();
  for (let at = 0; at < words.length; at += 16) compress(state, words.subarray(at, at + 16));
  return state[0];
}

const w = new Uint32Array(64);

function compress(state, block) {
  w.set(block);
  for (let i = 16; i < 64; i++) {
    const [a, b] = [w[i - 15], w[i - 2]];
    w[i] = w[i - 16] + w[i - 7] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

function turn(word, by) {
  return (word >>> by) | (word << (32 - by));
}

/** The fractions of the cube and square roots of the first primes. */
function constants() {
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime > 0)) primes.push(n);
  const fraction = (root) => Math.floor((root % 1) * 2 ** 32);
  return [
    Uint32Array.from(primes, (prime) => fraction(Math.cbrt(prime))),
    Uint32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime))),
  ];
}
