/** The frames a function's process speaks: a line of JSON with the length of the bytes behind it. */

export interface Frame {
  /** After `fatal` and `init-error` the process ends. */
  readonly type: 'ready' | 'init-error' | 'log' | 'result' | 'error' | 'fatal'
  readonly id?: string
  /** Megabytes the process uses. */
  readonly memory?: number
  readonly length: number
}

export function frame(header: Record<string, unknown>, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify({ ...header, length: body.byteLength })}\n`), body])
}

/** Bytes of a line that is no frame's, after which it is handed on though it has not ended. */
const STRAY_LIMIT = 64 * 1024

/**
 * Gives a function that takes chunks as they come and calls back for every whole frame. A frame begins with the word;
 * other lines come from the function itself, which can write where its runtime does, and are handed on as text.
 */
export function frameReader(
  word: string,
  onFrame: (header: Frame, body: Buffer) => void,
  onStray: (line: string) => void,
): (chunk: Buffer) => void {
  let chunks: Buffer[] = []
  let bytes = 0
  /** Bytes that must be there before it is worth looking. */
  let needed = 1
  const read = (received: Buffer): number => {
    let at = 0
    while (at < received.length) {
      const end = received.indexOf(10, at)
      if (end < 0 && received.length - at < STRAY_LIMIT) break
      const line = received.toString('utf8', at, end < 0 ? undefined : end)
      const after = end < 0 ? received.length : end + 1
      const header = headerOf(line, word)
      const next = after + (header?.length ?? 0)
      if (next > received.length) {
        needed = next - at
        break
      }
      if (header) onFrame(header, received.subarray(after, next))
      else if (line) onStray(line)
      at = next
    }
    return at
  }
  return (chunk) => {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes < needed) return
    const received = chunks.length === 1 ? chunk : Buffer.concat(chunks)
    needed = 1
    const rest = received.subarray(read(received))
    chunks = rest.length ? [rest] : []
    bytes = rest.length
    needed = Math.max(needed, bytes + 1)
  }
}

/** Undefined for what is no frame's beginning, whatever it is. */
function headerOf(line: string, word: string): Frame | undefined {
  if (!line.startsWith(word)) return undefined
  try {
    const header: Frame = JSON.parse(line.slice(word.length))
    return header.length >= 0 ? header : undefined
  } catch {
    return undefined
  }
}
