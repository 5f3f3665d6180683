/** Changes a recorded request into one that nobody would send: its body, path, query, headers or method. */
import { between, oneOf, type Random } from './random.ts'
import type { RawRequest } from './signed-request.ts'

/** A request, and whether it is sent with its old signature. */
export interface Mutant {
  readonly request: RawRequest
  readonly keepsSignature: boolean
  /** The byte of the body after which the connection breaks. */
  readonly cutAt?: number
  readonly how: string
}

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH']
const NAMES = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'length', 'valueOf']
/** Values where something else is meant. */
const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  2 ** 53,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '💥'.repeat(50),
  'a'.repeat(70_000),
  '%',
  '${',
  '../../../etc/passwd',
  'arn:aws:iam::111111111111:role/',
  'arn:::::',
  '(a+)+$',
  '((',
  [],
  {},
  [[[[]]]],
  [null],
  { '': '' },
  ...NAMES,
]

/** Gives what a number of draws make of the request. */
export function mutated(original: RawRequest, random: Random): Mutant {
  const keepsSignature = random() < 0.05
  let request = original
  const how: string[] = []
  for (let times = random() < 0.7 ? 1 : 3; times > 0; times--) {
    const [name, change] = oneOf(random, CHANGES)
    const changed = change(request, random)
    if (changed) {
      request = changed
      how.push(name)
    }
  }
  const cutAt = random() < 0.03 ? between(random, 0, request.body.length) : undefined
  if (cutAt !== undefined) how.push(`cut after ${cutAt} bytes`)
  return { request, keepsSignature, cutAt, how: how.join(', ') }
}

type Change = (request: RawRequest, random: Random) => RawRequest | undefined

const withBody = (request: RawRequest, body: Buffer | string): RawRequest => ({
  ...request,
  body: Buffer.from(body as string),
})
const withHeaders = (request: RawRequest, headers: Record<string, string>): RawRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
})

/** Those that reach deep come more often than those that any server refuses at its door. */
const CHANGES: readonly (readonly [string, Change])[] = [
  ['a value of the body', changeJson],
  ['a value of the body', changeJson],
  ['a value of the body', changeForm],
  ['a value of the body', changeForm],
  ['a text in the body', changeXml],
  ['bytes of the body', changeBytes],
  ['the query', changeQuery],
  ['the path', changePath],
  ['the method', (request, random) => ({ ...request, method: oneOf(random, METHODS) })],
  ['a header', changeHeader],
]

function changeJson(request: RawRequest, random: Random): RawRequest | undefined {
  if (!/^\s*\{/.test(request.body.toString('latin1', 0, 20))) return undefined
  try {
    return withBody(request, json(changeValue(JSON.parse(request.body.toString()), random)))
  } catch {
    // It is no JSON any more, or too deep to be written once more.
    return undefined
  }
}

/** Changes one place, which may be inside of a text that is JSON itself: a template, a policy, a pattern. */
function changeValue(value: unknown, random: Random): unknown {
  if (typeof value === 'string' && /^\s*[{[]/.test(value) && random() < 0.8) {
    try {
      return json(changeValue(JSON.parse(value), random))
    } catch {
      return oneOf(random, VALUES)
    }
  }
  if (value === null || typeof value !== 'object' || random() < 0.15) return oneOf(random, VALUES)
  const entries = Object.entries(value)
  if (!entries.length) return oneOf(random, VALUES)
  const place = between(random, 0, entries.length - 1)
  const [name, inner] = entries[place]!
  if (Array.isArray(value)) {
    if (random() < 0.1) return Array.from({ length: 2_000 }, () => inner)
    return value.map((one, index) => (index === place ? changeValue(one, random) : one))
  }
  const draw = random()
  if (draw < 0.1) entries.splice(place, 1)
  else if (draw < 0.2) entries[place] = [oneOf(random, NAMES), inner]
  else if (draw < 0.25) entries.push([oneOf(random, NAMES), oneOf(random, VALUES)])
  else if (draw < 0.28) entries[place] = [name, nested(between(random, 20, 3_000))]
  else entries[place] = [name, changeValue(inner, random)]
  // `fromEntries` makes `__proto__` a property like others.
  return Object.fromEntries(entries)
}

/**
 * Stands for a value as deep as that, which JSON.stringify could not write; what is too deep must be refused, not
 * overflow.
 */
const nested = (depth: number): string => `DEEP ${depth}`

/** Writes JSON, with what is nested where it stands. */
const json = (value: unknown): string =>
  JSON.stringify(value).replace(/"DEEP (\d+)"/g, (_whole, digits: string) => {
    const depth = Number(digits)
    return depth % 2
      ? `${'['.repeat(depth)}"deep"${']'.repeat(depth)}`
      : `${'{"Fn::Not":['.repeat(depth)}true${']}'.repeat(depth)}`
  })

const isForm = ({ headers }: RawRequest): boolean =>
  /x-www-form-urlencoded/.test(headers['content-type'] ?? '')

function changeForm(request: RawRequest, random: Random): RawRequest | undefined {
  if (!isForm(request)) return undefined
  const pairs = [...new URLSearchParams(request.body.toString())]
  const place = between(random, 0, pairs.length - 1)
  const [name = '', value = ''] = pairs[place] ?? []
  const draw = random()
  if (draw < 0.1) pairs.splice(place, 1)
  else if (draw < 0.2)
    pairs.push([`${name}.${oneOf(random, ['member.1', 'member.999999999', '1', '-1', '__proto__'])}`, 'x'])
  else if (draw < 0.3) pairs.push([oneOf(random, NAMES), value])
  else if (draw < 0.35) pairs.push([name, value])
  else pairs[place] = [name, asText(changeValue(value, random))]
  return withBody(
    request,
    new URLSearchParams(pairs.map(([key, one]): [string, string] => [key, wellFormed(one)])).toString(),
  )
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : json(value))
const wellFormed = (text: string): string => Buffer.from(text).toString()

function changeXml(request: RawRequest, random: Random): RawRequest | undefined {
  const text = request.body.toString()
  if (!text.startsWith('<')) return undefined
  const texts = [...text.matchAll(/>([^<>]+)</g)]
  const found = texts.length ? oneOf(random, texts) : undefined
  if (!found || random() < 0.3) {
    const extra = oneOf(random, [
      '<!DOCTYPE x [<!ENTITY a "b">]>',
      '<a>',
      '</a>',
      '<![CDATA[',
      '&x;',
      '<?xml',
    ])
    return withBody(request, text + extra)
  }
  const start = found.index + 1
  return withBody(
    request,
    text.slice(0, start) + asText(oneOf(random, VALUES)) + text.slice(start + found[1]!.length),
  )
}

function changeBytes(request: RawRequest, random: Random): RawRequest {
  const { body } = request
  const at = between(random, 0, body.length)
  const noise = Buffer.from(Array.from({ length: between(random, 1, 16) }, () => between(random, 0, 255)))
  const draw = random()
  if (draw < 0.3) return withBody(request, body.subarray(0, at))
  if (draw < 0.6) return withBody(request, Buffer.concat([body.subarray(0, at), noise, body.subarray(at)]))
  if (draw < 0.7) return withBody(request, Buffer.concat([body, body]))
  return withBody(request, Buffer.concat([body.subarray(0, at), noise, body.subarray(at + noise.length)]))
}

function changeQuery(request: RawRequest, random: Random): RawRequest {
  const [path = '/', query = ''] = request.path.split('?')
  const pairs = query.split('&').filter(Boolean)
  const name = oneOf(random, [
    ...pairs.map((pair) => pair.split('=')[0]!),
    ...[
      'versionId',
      'uploadId',
      'partNumber',
      'list-type',
      'max-keys',
      'acl',
      'policy',
      'Action',
      'service',
      '__proto__',
    ],
  ])
  pairs.push(`${name}=${encodeURIComponent(wellFormed(asText(oneOf(random, VALUES)))).slice(0, 3_000)}`)
  if (random() < 0.3) pairs.splice(between(random, 0, pairs.length - 1), 1)
  return { ...request, path: pairs.length ? `${path}?${pairs.join('&')}` : path }
}

function changePath(request: RawRequest, random: Random): RawRequest {
  const [path = '/', query] = request.path.split(/\?(.*)/s)
  const parts = path.split('/')
  const place = between(random, 1, Math.max(1, parts.length - 1))
  const part = oneOf(random, [
    '..',
    '.',
    '',
    '%',
    '%zz',
    '%00',
    '%2e%2e%2f',
    '%ff',
    'a'.repeat(3_000),
    ...NAMES,
  ])
  if (random() < 0.5) parts[place] = part
  else parts.splice(place, 0, part)
  return { ...request, path: query === undefined ? parts.join('/') : `${parts.join('/')}?${query}` }
}

function changeHeader(request: RawRequest, random: Random): RawRequest {
  const target = request.headers['x-amz-target']
  return withHeaders(
    request,
    oneOf<Record<string, string>>(random, [
      { 'content-type': 'application/json' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'multipart/form-data' },
      { 'content-encoding': 'gzip' },
      { 'content-encoding': 'aws-chunked' },
      { 'content-encoding': 'br, nonsense' },
      { 'x-amz-target': `${target?.split('.')[0]}.__proto__` },
      { 'x-amz-target': 'constructor' },
      { 'x-amz-decoded-content-length': '-1' },
      { 'x-amz-meta-__proto__': 'x' },
      { 'x-amz-copy-source': '%/%' },
      { 'x-amz-server-side-encryption': 'aws:kms' },
      { 'x-amz-server-side-encryption-aws-kms-key-id': '__proto__' },
      { 'if-match': '"' },
      { range: 'bytes=9-1' },
      { range: 'bytes=-99999999999999999999' },
      { 'content-md5': 'x' },
      { 'x-amz-checksum-crc32': 'x' },
      { 'x-amz-sdk-checksum-algorithm': 'CRC64' },
      { 'x-amz-acl': 'none' },
      { 'x-amz-tagging': '%' },
      { 'x-amz-invocation-type': 'Never' },
      { 'x-amz-client-context': '{' },
    ]),
  )
}
