/** What S3 does on the wire otherwise than its protocol: addresses, errors, request ids, signatures. */
import { createHash } from 'node:crypto'
import { AwsError } from '../../../model/index.ts'
import type { ErrorAnswer, Wire, WireRequest, WireResponse } from '../../kernel/wire.ts'
import { escapeXml } from '../../protocols/index.ts'
import { ownsHost, s3Address } from './wire/address.ts'
import { errorStatus } from './wire/error-status.ts'
import { signing } from './wire/signing.ts'

export { S3_LABEL } from './wire/address.ts'

export const wire: Wire = {
  ownsHost,
  address(request) {
    const { bucket, key } = s3Address(request)
    if (bucket === undefined) return { segments: [], members: {} }
    if (key === undefined) return { segments: [bucket], members: { Bucket: bucket } }
    // A bucket and a key are a path of two segments, whatever slashes the key has.
    return { segments: [bucket, key], members: { Bucket: bucket, Key: key } }
  },
  subresources: true,
  // AWS: a part of an object is answered with 206; no model says so.
  successStatus: (output) => (output.ContentRange === undefined ? undefined : 206),
  // AWS: GetBucketLocation answers the region as the text of the root element itself.
  rootText: { GetBucketLocation: 'LocationConstraint' },
  errorStatus: (code) => errorStatus[code],
  errorBody,
  malformed: (problem) =>
    new AwsError(problem.startsWith('The XML') ? 'MalformedXML' : 'InvalidArgument', problem, {
      status: 400,
    }),
  missingHere: 'NoSuchBucket',
  wrongMethod,
  // AWS: a body that lacks a required element is MalformedXML.
  missing: (member, place) =>
    place === 'body'
      ? new AwsError(
          'MalformedXML',
          'The XML you provided was not well-formed or did not validate against our published schema',
        )
      : new AwsError('InvalidRequest', `Missing required parameter for this request: ${member}`),
  requestIds,
  signing,
}

/** AWS: the ids have names of their own, and an opaque host id beside them. */
function requestIds(requestId: string): Record<string, string> {
  const hostId = createHash('sha512').update(requestId).digest('base64').slice(0, 76)
  return { 'x-amz-request-id': requestId, 'x-amz-id-2': hostId }
}

/** AWS: a wrong method is MethodNotAllowed, and names what was addressed. */
function wrongMethod(request: WireRequest): AwsError {
  const { bucket, key } = s3Address(request)
  const ResourceType = key !== undefined ? 'OBJECT' : bucket !== undefined ? 'BUCKET' : 'SERVICE'
  return new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    status: 405,
    fields: { Method: request.method, ResourceType },
  })
}

/** AWS: S3's error is a flat element with what the code calls for besides code and message. */
function errorBody({ code, error, requestId, resource }: ErrorAnswer): Omit<WireResponse, 'status'> {
  let details = ''
  for (const [name, value] of Object.entries(error.fields)) {
    if (value !== undefined) details += `<${name}>${escapeXml(String(value))}</${name}>`
  }
  if (resource !== undefined) details += `<Resource>${escapeXml(resource)}</Resource>`
  const hostId = requestIds(requestId)['x-amz-id-2']
  const body =
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${escapeXml(code)}</Code>` +
    `<Message>${escapeXml(error.message)}</Message>${details}` +
    `<RequestId>${requestId}</RequestId><HostId>${hostId}</HostId></Error>`
  return { headers: { 'content-type': 'application/xml' }, body }
}
