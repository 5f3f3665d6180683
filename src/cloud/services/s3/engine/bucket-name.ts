/** The rules for bucket names. */
import { AwsError } from '../../../../model/index.ts'

const ALLOWED = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/
const RESERVED = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/

/** AWS: 3 to 63 of lower-case letters, digits, dots and hyphens; no adjacent dots, no IP address, no reserved affix. */
export function checkBucketName(name: string): void {
  const isValid = ALLOWED.test(name) && !name.includes('..') && !ADDRESS.test(name) && !RESERVED.test(name)
  if (isValid) return
  throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', {
    fields: { BucketName: name },
  })
}
