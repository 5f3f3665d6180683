/** Memory that large bodies are read into, taken again for a later block where its last reader has given it back. */

/** Bytes read from a file at once. */
export const BLOCK = 512 * 1024
/** Blocks that are kept when nobody needs them. */
const SPARE = 4

export class Blocks {
  private readonly spare: Buffer[] = []
  /** Whole blocks by the piece of them that was handed out. */
  private readonly lent = new WeakMap<Uint8Array, Buffer>()

  take(): Buffer {
    return this.spare.pop() ?? Buffer.allocUnsafeSlow(BLOCK)
  }

  /** Gives the filled beginning of a block. */
  lend(block: Buffer, length: number): Buffer {
    const piece = block.subarray(0, length)
    this.lent.set(piece, block)
    return piece
  }

  /** Takes back the memory of a piece that was lent; other bytes stay whose they are. */
  readonly giveBack = (piece: Uint8Array): void => {
    const block = this.lent.get(piece)
    this.lent.delete(piece)
    if (block && this.spare.length < SPARE) this.spare.push(block)
  }
}
