/** The checksum that S3 demands of some requests. */
import { AwsError } from '../../model/index.ts'
import type { WireRequest } from '../kernel/wire.ts'
import type { OperationModel } from './model.ts'

/** Errors: InvalidRequest when the operation demands a checksum and the request brings none. */
export function requireChecksum(operation: OperationModel, wire: WireRequest): void {
  if (!operation.checksumRequired) return
  const { headers } = wire
  const isChecksum = (name: string): boolean => /^x-amz-checksum-(?!algorithm|mode|type)/.test(name)
  const announced = headers['x-amz-trailer'] ?? ''
  if (headers['content-md5'] !== undefined || isChecksum(announced) || Object.keys(headers).some(isChecksum))
    return
  throw new AwsError(
    'InvalidRequest',
    'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
  )
}
