/** Takes the `aws-chunked` framing off a body and verifies the signature of each chunk and of the trailer. */
import { createHash, type Hash } from 'node:crypto'
import { AwsError, entryOf, setEntry } from '../../../model/index.ts'
import { hmac, sameText, scopeText } from '../../kernel/signing-key.ts'
import { malformedTrailer } from './body-check.ts'
import type { ChunkSeed, PayloadPolicy } from './payload-policy.ts'
import { signatureError } from './signature-error.ts'

/** AWS: every chunk but the last has at least this many bytes. */
const SMALLEST_CHUNK = 8192
const LONGEST_LINE = 16 * 1024
const emptyHash = createHash('sha256').digest('hex')

interface OpenChunk {
  remaining: number
  readonly signature: string | undefined
  readonly hash: Hash | undefined
}

/** Decodes pieces of any size. After `end`, `trailers` holds the trailing headers by lower-case name. */
export class ChunkDecoder {
  readonly trailers: Record<string, string> = {}
  private readonly seed: ChunkSeed | undefined
  private readonly expectsTrailer: boolean
  private previous = ''
  private pending: Buffer = Buffer.alloc(0)
  private chunk: OpenChunk | undefined
  private state: 'header' | 'data' | 'data-end' | 'trailer' | 'done' = 'header'
  private sawShortChunk = false

  constructor(policy: PayloadPolicy) {
    this.seed = 'seed' in policy ? policy.seed : undefined
    this.expectsTrailer = policy.kind !== 'signed-chunks'
    this.previous = this.seed?.signature ?? ''
  }

  /** Gives the content in a piece of the framed body. Errors: SignatureDoesNotMatch, InvalidChunkSizeError, … */
  *decode(piece: Uint8Array): Generator<Buffer> {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    this.pending = this.pending.length === 0 ? bytes : Buffer.concat([this.pending, bytes])
    while (this.pending.length > 0) {
      if (this.state === 'data') yield this.takeData()
      else {
        const line = this.takeLine()
        if (line === undefined) return
        this.readLine(line)
      }
    }
  }

  /** Errors: IncompleteBody when the body stops before its last chunk, MalformedTrailerError. */
  end(): void {
    if (this.state === 'done') return
    if (this.state === 'trailer') {
      // Some clients leave out the empty line after the last trailer.
      if (this.pending.length > 0) this.readLine(this.pending.toString('latin1'))
      this.closeTrailer()
      return
    }
    throw incomplete('The request body terminated unexpectedly')
  }

  private takeData(): Buffer {
    const chunk = this.chunk!
    const data = this.pending.subarray(0, chunk.remaining)
    this.pending = this.pending.subarray(data.length)
    chunk.remaining -= data.length
    chunk.hash?.update(data)
    if (chunk.remaining === 0) this.state = 'data-end'
    return data
  }

  private takeLine(): string | undefined {
    const end = this.pending.indexOf('\r\n')
    if (end < 0) {
      if (this.pending.length > LONGEST_LINE) throw incomplete('The chunk header is too long')
      return undefined
    }
    const line = this.pending.toString('latin1', 0, end)
    this.pending = this.pending.subarray(end + 2)
    return line
  }

  private readLine(line: string): void {
    if (this.state === 'header') this.openChunk(line)
    else if (this.state === 'data-end') {
      if (line !== '') throw incomplete('The chunk is longer than its stated size')
      this.closeChunk()
      this.state = 'header'
    } else if (this.state === 'trailer') this.readTrailer(line)
  }

  private openChunk(line: string): void {
    const parts = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line)
    if (!parts || (this.seed && parts[2] === undefined))
      throw incomplete('The chunk header is not well-formed')
    const size = Number.parseInt(parts[1]!, 16)
    if (size > 0 && this.sawShortChunk) throw invalidChunkSize()
    this.sawShortChunk = size < SMALLEST_CHUNK
    this.chunk = { remaining: size, signature: parts[2], hash: this.seed && createHash('sha256') }
    if (size > 0) this.state = 'data'
    else {
      this.closeChunk()
      this.state = 'trailer'
    }
  }

  private closeChunk(): void {
    const { signature, hash } = this.chunk!
    if (this.seed && signature !== undefined && hash) {
      this.requireSignature(signature, 'PAYLOAD', `${emptyHash}\n${hash.digest('hex')}`)
    }
  }

  private readTrailer(line: string): void {
    if (line === '') {
      this.closeTrailer()
      return
    }
    const at = line.indexOf(':')
    if (at <= 0 || !this.expectsTrailer) throw malformedTrailer()
    setEntry(this.trailers, line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim())
  }

  private closeTrailer(): void {
    this.state = 'done'
    const { 'x-amz-trailer-signature': signature, ...signed } = this.trailers
    if (!this.seed || !this.expectsTrailer) return
    delete this.trailers['x-amz-trailer-signature']
    const names = Object.keys(signed).sort()
    const text = names.map((name) => `${name}:${entryOf(signed, name)}\n`).join('')
    if (signature === undefined) throw malformedTrailer()
    this.requireSignature(signature, 'TRAILER', createHash('sha256').update(text).digest('hex'))
  }

  /** Each signature signs the one before it. */
  private requireSignature(stated: string, what: 'PAYLOAD' | 'TRAILER', hashes: string): void {
    const { key, timestamp, scope, callee } = this.seed!
    const text = `AWS4-HMAC-SHA256-${what}\n${timestamp}\n${scopeText(scope)}\n${this.previous}\n${hashes}`
    const expected = hmac(key, text).toString('hex')
    if (!sameText(expected, stated)) throw signatureError(callee, 'mismatch')
    this.previous = expected
  }
}

const incomplete = (message: string): AwsError => new AwsError('IncompleteBody', message)

const invalidChunkSize = (): AwsError =>
  new AwsError(
    'InvalidChunkSizeError',
    'Only the last chunk is allowed to have a size less than 8192 bytes',
    {
      status: 403,
    },
  )
