/** CRC-64/NVME, kept in two 32-bit halves. */

/** The reflected polynomial 0x9a6c9329ac4bc9b5. */
const POLYNOMIAL_HIGH = 0x9a6c9329
const POLYNOMIAL_LOW = 0xac4bc9b5

let tables: { high: Uint32Array; low: Uint32Array } | undefined

function buildTables(): { high: Uint32Array; low: Uint32Array } {
  const high = new Uint32Array(256)
  const low = new Uint32Array(256)
  for (let index = 0; index < 256; index++) {
    let top = 0
    let bottom = index
    for (let bit = 0; bit < 8; bit++) {
      const odd = bottom & 1
      bottom = (bottom >>> 1) | (top << 31)
      top >>>= 1
      if (odd) {
        top ^= POLYNOMIAL_HIGH
        bottom ^= POLYNOMIAL_LOW
      }
    }
    high[index] = top
    low[index] = bottom
  }
  return { high, low }
}

export class Crc64Nvme {
  private high = 0xffffffff
  private low = 0xffffffff

  update(bytes: Uint8Array): void {
    tables ??= buildTables()
    const { high: highs, low: lows } = tables
    let { high, low } = this
    for (let at = 0; at < bytes.length; at++) {
      const index = (low ^ bytes[at]!) & 0xff
      low = ((low >>> 8) | (high << 24)) ^ lows[index]!
      high = (high >>> 8) ^ highs[index]!
    }
    this.high = high
    this.low = low
  }

  digest(): Buffer {
    const digest = Buffer.alloc(8)
    digest.writeUInt32BE(~this.high >>> 0, 0)
    digest.writeUInt32BE(~this.low >>> 0, 4)
    return digest
  }
}
