/** The whole body of a request, where it is handed over in one piece. */
import type { IncomingMessage } from 'node:http'

/** Gives undefined where it has more bytes than that. */
export async function readBody(request: IncomingMessage, largest: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request) {
    size += (piece as Buffer).length
    if (size > largest) return undefined
    pieces.push(piece as Buffer)
  }
  return Buffer.concat(pieces)
}
