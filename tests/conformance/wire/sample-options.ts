/** Members whose values clients check, compute or rewrite themselves. */
import { createHash } from 'node:crypto'
import type { OperationModel, ServiceModel } from '../../../src/cloud/protocols/index.ts'
import type { SampleOptions } from './sample.ts'

const customerKey = Buffer.alloc(32, 'key')
const customerKeyMd5 = createHash('md5').update(customerKey).digest('base64')

/** Clients compute the checksum that fits the body, and refuse a bucket that is not a bucket's name. */
const s3Input: SampleOptions = {
  fixed: {
    Bucket: 'bucket-1',
    SSECustomerKey: customerKey.toString('base64'),
    SSECustomerKeyMD5: customerKeyMd5,
    CopySourceSSECustomerKey: customerKey.toString('base64'),
    CopySourceSSECustomerKeyMD5: customerKeyMd5,
    CopySource: 'bucket-1/key',
    ContentLength: 256,
    ChecksumAlgorithm: 'CRC32',
  },
  omit: (name) => name === 'ContentMD5' || isChecksumValue(name),
}

const isChecksumValue = (name: string): boolean => /^Checksum(?!Algorithm|Mode|Type)/.test(name)

/** How to fill the input of an operation. */
export function inputOptions(model: ServiceModel, operation: OperationModel): SampleOptions {
  if (model.name === 's3') return s3Input
  // The endpoint is a part of the host that is called.
  if (operation.name === 'PutEvents') return { omit: (name) => name === 'EndpointId' }
  return {}
}

/** How to fill the output of an operation. */
export function outputOptions(model: ServiceModel, operation: OperationModel): SampleOptions {
  // Clients check the body against the checksums; the body's real length stands in Content-Length.
  const payload = operation.output?.data.payload
  if (model.name === 's3' && payload !== undefined && operation.output?.member(payload)?.streaming) {
    return { fixed: { ContentLength: 256 }, omit: isChecksumValue }
  }
  return {}
}

/** Members that a client adds by itself, to an input or to an output. */
export function addedByClient(model: ServiceModel, name: string): boolean {
  return model.name === 's3' && (name === 'ExpiresString' || isChecksumValue(name))
}
