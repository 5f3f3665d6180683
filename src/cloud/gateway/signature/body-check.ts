/** Checks a body as it goes by: its signed hash, its length, its checksums. */
import { createHash, type Hash } from 'node:crypto'
import { AwsError, entryOf } from '../../../model/index.ts'
import {
  type Checksum,
  type ChecksumAlgorithm,
  checksumAlgorithms,
  createChecksum,
} from '../../machine/checksum.ts'
import type { PayloadPolicy } from './payload-policy.ts'
import { signatureError } from './signature-error.ts'

type Headers = Readonly<Record<string, string>>

const CHECKSUM_PREFIX = 'x-amz-checksum-'
/** Members of requests that share the prefix without being checksums. */
const notChecksums = new Set(['algorithm', 'mode', 'type'])

/** One check of one body. */
export class BodyCheck {
  private readonly policy: PayloadPolicy
  private readonly headers: Headers
  private readonly expectedLength: number | undefined
  private readonly hash: Hash | undefined
  private readonly md5: Hash | undefined
  private readonly checksums = new Map<string, Checksum>()
  private length = 0

  /** Errors: InvalidRequest, InvalidDigest, NotImplemented, when the headers are wrong in themselves. */
  constructor(policy: PayloadPolicy, headers: Headers) {
    this.policy = policy
    this.headers = headers
    this.expectedLength = expectedLength(policy, headers)
    if (policy.kind === 'sha256' || policy.kind === 'deferred') this.hash = createHash('sha256')
    if (headers['content-md5'] !== undefined) {
      if (Buffer.from(headers['content-md5'], 'base64').length !== 16) {
        throw new AwsError('InvalidDigest', 'The Content-MD5 you specified is not valid.', {
          fields: { 'Content-MD5': headers['content-md5'] },
        })
      }
      this.md5 = createHash('md5')
    }
    if (policy.foreignChecksums) return
    for (const name of checksumNames(headers)) this.checksums.set(name, createChecksum(algorithmOf(name)))
  }

  update(bytes: Uint8Array): void {
    this.length += bytes.length
    this.hash?.update(bytes)
    this.md5?.update(bytes)
    for (const checksum of this.checksums.values()) checksum.update(bytes)
    if (this.expectedLength !== undefined && this.length > this.expectedLength) throw this.wrongLength()
  }

  /** Errors: IncompleteBody, XAmzContentSHA256Mismatch, BadDigest, SignatureDoesNotMatch and its kin. */
  finish(trailers: Headers): void {
    if (this.expectedLength !== undefined && this.length !== this.expectedLength) throw this.wrongLength()
    this.checkHash()
    if (this.md5 && this.md5.digest('base64') !== this.headers['content-md5']) {
      throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.')
    }
    for (const [name, checksum] of this.checksums) {
      const stated = entryOf(trailers, name) ?? entryOf(this.headers, name)
      if (stated === undefined) throw malformedTrailer()
      compareChecksum(name, stated, checksum.digest())
    }
  }

  private wrongLength(): AwsError {
    const message = 'You did not provide the number of bytes specified by the Content-Length HTTP header'
    return new AwsError('IncompleteBody', message, {
      fields: { NumberBytesExpected: this.expectedLength, NumberBytesProvided: this.length },
    })
  }

  private checkHash(): void {
    const computed = this.hash?.digest('hex')
    if (computed === undefined) return
    if (this.policy.kind === 'deferred') this.policy.check(computed)
    else if (this.policy.kind === 'sha256' && this.policy.hash !== computed) {
      const { callee, hash } = this.policy
      throw callee.rules.otherHash?.(hash, computed) ?? signatureError(callee, 'mismatch')
    }
  }
}

export const isChunked = (policy: PayloadPolicy): boolean =>
  policy.kind === 'signed-chunks' ||
  policy.kind === 'signed-chunks-trailer' ||
  policy.kind === 'unsigned-trailer'

/** AWS: a chunked body states its own length, and must. */
function expectedLength(policy: PayloadPolicy, headers: Headers): number | undefined {
  const stated = headers[isChunked(policy) ? 'x-amz-decoded-content-length' : 'content-length']
  if (stated === undefined && isChunked(policy)) {
    throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', {
      status: 411,
    })
  }
  return stated === undefined ? undefined : Number(stated)
}

/** The checksums stated in headers or announced as trailers. */
function checksumNames(headers: Headers): string[] {
  const announced = (headers['x-amz-trailer'] ?? '').split(',').map((name) => name.trim().toLowerCase())
  const names = [...Object.keys(headers), ...announced].filter(
    (name) => name.startsWith(CHECKSUM_PREFIX) && !notChecksums.has(name.slice(CHECKSUM_PREFIX.length)),
  )
  if (new Set(names).size > 1) {
    throw new AwsError(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    )
  }
  return names
}

function algorithmOf(header: string): ChecksumAlgorithm {
  const name = header.slice(CHECKSUM_PREFIX.length).toUpperCase()
  const found = checksumAlgorithms.find((one) => one === name)
  if (found) return found
  throw new AwsError(
    'NotImplemented',
    `The embedded cloud does not support the checksum algorithm ${name}.`,
    {
      status: 501,
    },
  )
}

function compareChecksum(name: string, stated: string, computed: Buffer): void {
  if (Buffer.from(stated, 'base64').length !== computed.length) {
    throw new AwsError('InvalidRequest', `Value for ${name} header is invalid.`)
  }
  if (computed.toString('base64') === stated) return
  const algorithm = name.slice(CHECKSUM_PREFIX.length).toUpperCase()
  throw new AwsError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`)
}

export const malformedTrailer = (): AwsError =>
  new AwsError(
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  )
