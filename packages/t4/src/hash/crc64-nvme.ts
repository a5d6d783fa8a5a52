/** The reflected polynomial 0x9a6c9329ac4bc9b5 as two 32-bit halves: BigInt would be a hundred times slower. */
const POLY_HIGH = 0x9a6c9329;
const POLY_LOW = 0xac4bc9b5;
/** Bytes taken per step by the slicing tables. */
const SLICES = 8;

let tables: { readonly high: Uint32Array; readonly low: Uint32Array } | undefined;

/** Tables for slicing-by-8: entry `slice * 256 + byte`; 16 KiB, built at first use. */
function sliceTables(): { readonly high: Uint32Array; readonly low: Uint32Array } {
  if (tables !== undefined) return tables;
  const high = new Uint32Array(SLICES * 256);
  const low = new Uint32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte++) {
    let h = 0;
    let l = byte;
    for (let bit = 0; bit < 8; bit++) {
      const carry = l & 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (carry) {
        h ^= POLY_HIGH;
        l ^= POLY_LOW;
      }
    }
    high[byte] = h;
    low[byte] = l;
  }
  for (let i = 256; i < SLICES * 256; i++) {
    const h = high[i - 256] as number;
    const l = low[i - 256] as number;
    const index = l & 0xff;
    low[i] = ((l >>> 8) | (h << 24)) ^ (low[index] as number);
    high[i] = (h >>> 8) ^ (high[index] as number);
  }
  tables = { high, low };
  return tables;
}

/** CRC-64/NVME over many pieces. */
export interface Crc64Nvme {
  update(data: Uint8Array): void;
  /** The checksum, 8 bytes, big-endian. */
  digest(): Uint8Array;
}

/**
 * Starts a CRC-64/NVME (reflected polynomial 0x9a6c9329ac4bc9b5, initial value and final xor all ones).
 *
 * Source: the checksum S3 calls `CRC64NVME`; `123456789` gives 0xae8b14860a799888.
 */
export function createCrc64Nvme(): Crc64Nvme {
  const { high, low } = sliceTables();
  let h = 0xffffffff;
  let l = 0xffffffff;
  return {
    update(data) {
      let i = 0;
      for (const end = data.length - (data.length % SLICES); i < end; i += SLICES) {
        let nextHigh = 0;
        let nextLow = 0;
        for (let byte = 0; byte < SLICES; byte++) {
          const half = byte < 4 ? l : h;
          const index = (SLICES - 1 - byte) * 256 + (((half >>> ((byte & 3) * 8)) ^ (data[i + byte] as number)) & 0xff);
          nextHigh ^= high[index] as number;
          nextLow ^= low[index] as number;
        }
        h = nextHigh;
        l = nextLow;
      }
      for (; i < data.length; i++) {
        const index = (l ^ (data[i] as number)) & 0xff;
        l = ((l >>> 8) | (h << 24)) ^ (low[index] as number);
        h = (h >>> 8) ^ (high[index] as number);
      }
    },
    digest() {
      const bytes = new Uint8Array(8);
      const view = new DataView(bytes.buffer);
      view.setUint32(0, ~h >>> 0);
      view.setUint32(4, ~l >>> 0);
      return bytes;
    },
  };
}
