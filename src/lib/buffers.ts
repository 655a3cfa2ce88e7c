/** Memory lent out of a pool, by whoever has it. */
export interface Lease {
  readonly buffer: Buffer;
  /**
   * Gives the memory back: nobody may look at it any more. Only the first call does anything, so no two leases ever
   * share memory.
   */
  release: () => void;
}

/** Memory for what is made and thrown away many times a second. */
export interface BufferPool {
  /** Lends at least so many octets, with whatever stood in them before. */
  lend(octets: number): Lease;
}

const SMALLEST = 64 * 1024;
/** Above this, memory is not kept: it is rarely asked for. */
const LARGEST = 1024 * 1024;
/** Buffers of one size that are kept. */
const KEPT = 64;

/**
 * Creates a pool of buffers by powers of two, the one used last first, since it is in the cache. Fresh memory for each
 * mail has to be cleared by the system and found again by the collector of garbage, which is a tenth of the time of
 * sending. Memory that threads share spares them copies, but is written into more slowly (V8 takes care that no octet
 * is torn).
 */
export function createBufferPool({ shared }: { shared: boolean }): BufferPool {
  const kept = new Map<number, Buffer[]>();
  const fresh = (size: number) => (shared ? Buffer.from(new SharedArrayBuffer(size)) : Buffer.allocUnsafeSlow(size));

  function keep(buffer: Buffer): void {
    if (buffer.length > LARGEST) return;
    const same = kept.get(buffer.length) ?? [];
    if (same.length < KEPT) same.push(buffer);
    kept.set(buffer.length, same);
  }

  return {
    lend(octets) {
      let size = SMALLEST;
      while (size < octets) size *= 2;
      const buffer = kept.get(size)?.pop() ?? fresh(size);
      let lent: Buffer | null = buffer;
      return {
        buffer,
        release: () => {
          if (lent) keep(lent);
          lent = null;
        },
      };
    },
  };
}

/** Octets of memory that small things share. */
const CHUNK = 256 * 1024;

/**
 * Opens memory for many small things that are kept about as long as each other. They lie side by side: each in memory
 * of its own would have to be found by the processor again each time, in one page of thousands. A chunk is given back
 * with the last that lies in it.
 */
export function openChunks(): (octets: number) => Buffer {
  let chunk = Buffer.alloc(0);
  let used = 0;
  return (octets) => {
    if (octets > CHUNK / 8) return Buffer.allocUnsafeSlow(octets);
    if (used + octets > chunk.length) {
      chunk = Buffer.allocUnsafeSlow(CHUNK);
      used = 0;
    }
    used += octets;
    return chunk.subarray(used - octets, used);
  };
}
