/** A body that was read whole, freed of its framing and checked. */
import { BodyCheck, isChunked } from './body-check.ts'
import { ChunkDecoder } from './chunk-decoder.ts'
import type { PayloadPolicy } from './payload-policy.ts'

/** Gives the content of a body. Errors: those of `payloadReader`. */
export function verifyPayload(
  policy: PayloadPolicy,
  headers: Readonly<Record<string, string>>,
  body: Buffer,
): Buffer {
  const check = new BodyCheck(policy, headers)
  if (!isChunked(policy)) {
    check.update(body)
    check.finish({})
    return body
  }
  const decoder = new ChunkDecoder(policy)
  const pieces = [...decoder.decode(body)]
  decoder.end()
  for (const piece of pieces) check.update(piece)
  check.finish(decoder.trailers)
  return Buffer.concat(pieces)
}
