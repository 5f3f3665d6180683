/** A streamed body, freed of its framing and checked while it is read. */
import { BodyCheck, isChunked } from './body-check.ts'
import { ChunkDecoder } from './chunk-decoder.ts'
import type { PayloadPolicy } from './payload-policy.ts'

/** The content of a body; to be read once, to its end, before anything that came out of it counts. */
interface PayloadStream extends AsyncIterable<Uint8Array> {
  /** Trailing headers by lower-case name; complete once the stream is read. */
  readonly trailers: Readonly<Record<string, string>>
}

/**
 * Gives the content of a streamed body. A body that turns out wrong throws while it is read, at the latest at its end.
 * Errors: SignatureDoesNotMatch, XAmzContentSHA256Mismatch, BadDigest, IncompleteBody, InvalidChunkSizeError,
 * MalformedTrailerError, InvalidRequest.
 */
export function payloadReader(
  policy: PayloadPolicy,
  headers: Readonly<Record<string, string>>,
  raw: AsyncIterable<Uint8Array>,
): PayloadStream {
  const check = new BodyCheck(policy, headers)
  if (!isChunked(policy)) {
    return { trailers: {}, [Symbol.asyncIterator]: () => readPlain(check, raw) }
  }
  const decoder = new ChunkDecoder(policy)
  return { trailers: decoder.trailers, [Symbol.asyncIterator]: () => readChunked(check, decoder, raw) }
}

async function* readPlain(check: BodyCheck, raw: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of raw) {
    check.update(piece)
    yield piece
  }
  check.finish({})
}

async function* readChunked(
  check: BodyCheck,
  decoder: ChunkDecoder,
  raw: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for await (const piece of raw) {
    for (const content of decoder.decode(piece)) {
      check.update(content)
      yield content
    }
  }
  decoder.end()
  check.finish(decoder.trailers)
}
