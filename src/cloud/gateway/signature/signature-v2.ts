/** S3's presigned URLs of Signature Version 2, which boto3 and the aws CLI make for a custom endpoint. */
import { createHmac } from 'node:crypto'
import { AwsError } from '../../../model/index.ts'
import { queryPairs, s3Address } from '../../protocols/index.ts'
import { lookupError, signatureError } from './signature-error.ts'
import type { SignedRequest } from './signed-request.ts'
import { sameText } from './signing-key.ts'
import { accessDenied } from './signing-time.ts'
import type { Authenticated, Lookup } from './stated-signature.ts'

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

export function isSignatureV2(request: SignedRequest): boolean {
  return /(^|&)AWSAccessKeyId=/.test(request.query) && /(^|&)Signature=/.test(request.query)
}

/** Verifies a URL. Version 2 names no region: the scope's is us-east-1. Errors: S3's signature errors. */
export function verifyV2<T>(
  request: SignedRequest,
  lookup: Lookup<T>,
  now: Date,
): Authenticated<{ secretAccessKey: string } & T> {
  const query = new Map(queryPairs(request.query))
  const accessKeyId = query.get('AWSAccessKeyId')!
  const expires = query.get('Expires')
  if (expires === undefined || !/^\d+$/.test(expires)) {
    throw accessDenied(
      'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
    )
  }
  const token = query.get('x-amz-security-token') ?? request.headers['x-amz-security-token']
  let credential: { secretAccessKey: string } & T
  try {
    credential = lookup(accessKeyId, token)
  } catch (error) {
    throw lookupError('s3', error, token !== undefined)
  }
  if (Number(expires) * 1000 < now.getTime()) {
    throw new AwsError('AccessDenied', 'Request has expired', {
      status: 403,
      fields: { Expires: isoTime(Number(expires) * 1000), ServerTime: isoTime(now.getTime()) },
    })
  }
  const expected = createHmac('sha1', credential.secretAccessKey)
    .update(stringToSign(request, query, expires))
    .digest('base64')
  if (!sameText(expected, query.get('Signature')!)) throw signatureError('s3', 'mismatch')
  return {
    credential,
    accessKeyId,
    scope: { date: '', region: 'us-east-1', service: 's3' },
    payload: { kind: 'unsigned' },
  }
}

const isoTime = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`

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
  const { bucket } = s3Address({ ...request, host, body: Buffer.alloc(0) })
  const inPath = bucket === undefined || request.path.startsWith(`/${bucket}`)
  const path = inPath ? request.path : `/${bucket}${request.path}`
  const signed = [...query].filter(([name]) => subresources.has(name)).sort(([a], [b]) => (a < b ? -1 : 1))
  if (signed.length === 0) return path
  return `${path}?${signed.map(([name, value]) => (value === '' ? name : `${name}=${value}`)).join('&')}`
}
