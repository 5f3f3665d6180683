/** The body of a request, read whole. */

/**
 * Gives the bytes of a body; undefined where there are more than so many. What is too large is read to its end, and let
 * go: a client that is still sending hears no answer. Errors: the stream's own, when the client goes away.
 */
export async function wholeBody(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.byteLength
    if (size <= limit) chunks.push(chunk)
    else chunks.length = 0
  }
  if (size > limit) return undefined
  return chunks.length === 1 ? asBuffer(chunks[0]!) : Buffer.concat(chunks)
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
