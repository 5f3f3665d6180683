/** Patterns whose one wildcard is `*`, for any run of characters, matched in one pass over the text. */

/** Gives the test for whole texts. */
export function starPattern(pattern: string): (text: string) => boolean {
  const pieces = pattern.split('*')
  return (text) => inOrder(pieces, text)
}

/** Whether the text starts with the first piece, ends with the last, and has the others in between, in order. */
export function inOrder(pieces: readonly string[], text: string): boolean {
  const first = pieces[0]!
  const last = pieces.at(-1)!
  if (pieces.length === 1) return text === first
  if (!text.startsWith(first)) return false
  let at = first.length
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return text.length - at >= last.length && text.endsWith(last)
}
