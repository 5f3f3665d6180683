/** The headers that carry a request's id. */
import { createHash } from 'node:crypto'
import type { ServiceModel } from './model.ts'

/** AWS: S3 names them differently and adds an opaque host id. */
export function requestIdHeaders(model: ServiceModel, requestId: string): Record<string, string> {
  if (model.name !== 's3') return { 'x-amzn-requestid': requestId }
  const hostId = createHash('sha512').update(requestId).digest('base64').slice(0, 76)
  return { 'x-amz-request-id': requestId, 'x-amz-id-2': hostId }
}
