/** S3's presigned URLs of Signature Version 2, which boto3 and the aws CLI make for a custom endpoint. */
import { createHmac } from 'node:crypto'
import { AwsError } from '../../../../model/index.ts'
import type { OlderSignature, SignedRequest } from '../../../kernel/signing-rules.ts'
import { queryPairs } from '../../../protocols/index.ts'
import { s3Address } from './address.ts'

/** AWS: the query parameters that are part of the signed resource. */
const subresources = new Set([
  'accelerate',
  'acl',
  'analytics',
  'cors',
  'defaultObjectAcl',
  'delete',
  'inventory',
  'lifecycle',
  'location',
  'logging',
  'metrics',
  'notification',
  'object-lock',
  'ownershipControls',
  'partNumber',
  'policy',
  'policyStatus',
  'publicAccessBlock',
  'replication',
  'requestPayment',
  'response-cache-control',
  'response-content-disposition',
  'response-content-encoding',
  'response-content-language',
  'response-content-type',
  'response-expires',
  'restore',
  'retention',
  'legal-hold',
  'select',
  'select-type',
  'tagging',
  'torrent',
  'uploadId',
  'uploads',
  'versionId',
  'versioning',
  'versions',
  'website',
  'encryption',
  'intelligent-tiering',
  'attributes',
])

/**
 * Reads a presigned URL; undefined where the request is none. AWS: Version 2 names no region; it is us-east-1.
 * Errors: AccessDenied where the expiry is missing or no number.
 */
export function readSignatureV2(request: SignedRequest): OlderSignature | undefined {
  if (!isSignatureV2(request)) return undefined
  const query = new Map(queryPairs(request.query))
  const expires = query.get('Expires')
  if (expires === undefined || !/^\d+$/.test(expires)) {
    throw new AwsError(
      'AccessDenied',
      'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
      { status: 403 },
    )
  }
  return {
    accessKeyId: query.get('AWSAccessKeyId')!,
    sessionToken: query.get('x-amz-security-token') ?? request.headers['x-amz-security-token'],
    region: 'us-east-1',
    signature: query.get('Signature')!,
    requireFresh: (now) => requireFresh(Number(expires) * 1000, now.getTime()),
    expected: (secretAccessKey) =>
      createHmac('sha1', secretAccessKey)
        .update(stringToSign(request, query, expires))
        .digest('base64'),
  }
}

const isSignatureV2 = ({ query }: SignedRequest): boolean =>
  query.includes('AWSAccessKeyId=') && /(^|&)AWSAccessKeyId=/.test(query) && /(^|&)Signature=/.test(query)

function requireFresh(expires: number, now: number): void {
  if (expires >= now) return
  throw new AwsError('AccessDenied', 'Request has expired', {
    status: 403,
    fields: { Expires: isoTime(expires), ServerTime: isoTime(now) },
  })
}

export const isoTime = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`

function stringToSign(request: SignedRequest, query: Map<string, string>, expires: string): string {
  const { headers } = request
  const amz = new Map(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-')))
  for (const [name, value] of query) if (name.startsWith('x-amz-')) amz.set(name, value)
  const amzLines = [...amz]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value.trim()}\n`)
    .join('')
  return [
    request.method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    expires,
    amzLines + resource(request, query),
  ].join('\n')
}

/** The bucket is part of the resource also when it stands in the host. */
function resource(request: SignedRequest, query: Map<string, string>): string {
  const host = request.headers.host ?? ''
  const { bucket } = s3Address({ path: request.path, host })
  const inPath = bucket === undefined || request.path.startsWith(`/${bucket}`)
  const path = inPath ? request.path : `/${bucket}${request.path}`
  const signed = [...query].filter(([name]) => subresources.has(name)).sort(([a], [b]) => (a < b ? -1 : 1))
  if (signed.length === 0) return path
  return `${path}?${signed.map(([name, value]) => (value === '' ? name : `${name}=${value}`)).join('&')}`
}
