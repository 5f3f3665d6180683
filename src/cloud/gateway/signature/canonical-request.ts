/** The canonical form of a request that Signature Version 4 signs. */

import { createHash } from 'node:crypto'
import { entryOf } from '../../../model/index.ts'
import type { SignedRequest } from '../../kernel/signing-rules.ts'
import { headerText } from '../../protocols/index.ts'

export interface CanonicalOptions {
  readonly signedHeaders: readonly string[]
  readonly payloadHash: string
  /** S3 signs the path as sent; every other service encodes it once more. */
  readonly pathAsSent: boolean
  /** A query parameter to leave out: X-Amz-Signature of a presigned URL. */
  readonly without?: string
}

/** Gives the hash, in hex, of the canonical request. */
export function canonicalHash(request: SignedRequest, options: CanonicalOptions): string {
  const headers = options.signedHeaders.map((name) => `${name}:${canonicalHeader(request, name)}\n`).join('')
  const text = [
    request.method,
    canonicalPath(request.path, options.pathAsSent),
    canonicalQuery(request.query, options.without),
    headers,
    options.signedHeaders.join(';'),
    options.payloadHash,
  ].join('\n')
  return createHash('sha256').update(text).digest('hex')
}

function canonicalHeader(request: SignedRequest, name: string): string {
  return headerText(entryOf(request.headers, name) ?? '')
    .trim()
    .replace(/ +/g, ' ')
}

function canonicalPath(path: string, asSent: boolean): string {
  if (asSent) return path.split('/').map(normalized).join('/') || '/'
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(encodeRfc3986(segment))
  }
  const trailing = path.endsWith('/') && segments.length > 0 ? '/' : ''
  return `/${segments.join('/')}${trailing}`
}

/** Decodes and encodes again, so that a client's own choice of what to escape does not matter. */
function normalized(part: string): string {
  if (/^[A-Za-z0-9._~-]*$/.test(part)) return part
  try {
    return encodeRfc3986(decodeURIComponent(part))
  } catch {
    return part
  }
}

function canonicalQuery(query: string, without: string | undefined): string {
  if (query === '') return ''
  const pairs: [string, string][] = []
  for (const part of query.split('&')) {
    if (part === '') continue
    const at = part.indexOf('=')
    const name = normalized(at < 0 ? part : part.slice(0, at))
    if (name !== without)
      pairs.push([name, at < 0 ? '' : normalized(part.slice(at + 1).replaceAll('+', '%20'))])
  }
  pairs.sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
  return pairs.map(([name, value]) => `${name}=${value}`).join('&')
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

function encodeRfc3986(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
