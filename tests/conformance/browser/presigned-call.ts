/** A call of the query protocol as an address that anybody can make who knows the root key, and anybody does. */
import { createHash, createHmac } from 'node:crypto'

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Signature Version 4 in the query, for an empty body, as the root user of 111111111111. */
export function presignedCall(
  endpoint: string,
  parameters: Readonly<Record<string, string>>,
  { method = 'GET', service = 'sns' } = {},
): string {
  const timestamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const scope = `${timestamp.slice(0, 8)}/us-east-1/${service}/aws4_request`
  const query = new URLSearchParams({
    ...parameters,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `111111111111/${scope}`,
    'X-Amz-Date': timestamp,
    'X-Amz-Expires': '600',
    'X-Amz-SignedHeaders': 'host',
  })
  query.sort()
  const canonical = [method, '/', query, `host:${new URL(endpoint).host}`, '', 'host', hash('')].join('\n')
  const key = ['us-east-1', service, 'aws4_request'].reduce(hmac, hmac('AWS4test', timestamp.slice(0, 8)))
  const signature = hmac(key, ['AWS4-HMAC-SHA256', timestamp, scope, hash(canonical)].join('\n')).toString(
    'hex',
  )
  return `${endpoint}/?${query}&X-Amz-Signature=${signature}`
}
