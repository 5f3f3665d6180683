/** Requests as they were recorded on their way to a cloud, and how changed ones are signed anew. */
import { createHash, createHmac } from 'node:crypto'

export interface RawRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

const SECRET = 'test'
/** Headers that belong to the connection that a request was recorded on, or to its signature. */
const OWN =
  /^(host|connection|keep-alive|transfer-encoding|content-length|expect|authorization|x-amz-date|x-amz-content-sha256|amz-sdk-.*|x-amz-security-token)$/i

const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex')
const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/** Signs a request as whoever signed it first (Signature Version 4); one that came without stays without. */
export function signedAnew(
  request: RawRequest,
  host: string,
  now: Date,
  original = request,
  { secret = SECRET, token }: { readonly secret?: string; readonly token?: string } = {},
): RawRequest {
  const scope = /Credential=(\w+)\/\d+\/([\w-]+)\/([\w-]+)\/aws4_request/.exec(
    original.headers.authorization ?? '',
  )
  if (!scope) return request
  const [, key = '', region = '', service = ''] = scope
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const day = time.slice(0, 8)
  const hash = sha256(request.body)
  const headers: Record<string, string> = {
    ...Object.fromEntries(Object.entries(request.headers).filter(([name]) => !OWN.test(name))),
    host,
    'x-amz-date': time,
    'x-amz-content-sha256': hash,
    ...(token && { 'x-amz-security-token': token }),
  }
  const names = Object.keys(headers)
    .map((name) => name.toLowerCase())
    .sort()
  const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const canonical = [
    request.method,
    ...canonicalTarget(request.path, service),
    ...names.map((name) => `${name}:${values.get(name)?.trim().replace(/ +/g, ' ')}`),
    '',
    names.join(';'),
    hash,
  ].join('\n')
  const where = `${day}/${region}/${service}/aws4_request`
  const text = ['AWS4-HMAC-SHA256', time, where, sha256(canonical)].join('\n')
  const signing = [region, service, 'aws4_request'].reduce(hmac, hmac(`AWS4${secret}`, day))
  const signature = hmac(signing, text).toString('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${key}/${where}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return { ...request, headers: { ...headers, authorization } }
}

/** The path and the query as they are signed: S3's path as it is, the others' encoded once more. */
function canonicalTarget(target: string, service: string): [string, string] {
  const [path = '/', query = ''] = target.split(/\?(.*)/s)
  const encoded = service === 's3' ? path : path.split('/').map(encodeURIComponent).join('/')
  const pairs = query
    .split('&')
    .filter(Boolean)
    .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
  return [encoded, pairs.sort().join('&')]
}
