/** Bytes that are kept: in memory of just their size. */

/**
 * Joins pieces for a record. What Node makes of small pieces is a view of a slab of 8 KB that it shares with others, and
 * that stays as long as any of them does.
 */
export function exactBytes(...pieces: readonly Uint8Array[]): Buffer {
  const joined = Buffer.alloc(pieces.reduce((sum, piece) => sum + piece.byteLength, 0))
  let at = 0
  for (const piece of pieces) {
    joined.set(piece, at)
    at += piece.byteLength
  }
  return joined
}
