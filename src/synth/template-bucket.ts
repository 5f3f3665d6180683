/** The bucket in the hub for templates of pipelines that are too large to be sent with the request. */
import { type AssemblyStack, TEMPLATE_BYTES, type TemplateResource } from '../model/index.ts'
import type { Names } from './names.ts'
import { policy } from './policy-parts.ts'
import { denyWithoutTls, PRIVATE_BUCKET } from './private-bucket.ts'
import { resource } from './resource.ts'

/** Whether a stack's template has to be put into a bucket, however tightly it is written. */
export const needsTemplateBucket = ({ template }: AssemblyStack): boolean =>
  bytesOf(template) > TEMPLATE_BYTES.inRequest

/** Characters that JSON writes as they are, a byte each. */
const PLAIN = /^[ !#-[\]-~]*$/

/** Bytes of a value as JSON without white space, counted without writing it. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string')
    return PLAIN.test(value) ? value.length + 2 : Buffer.byteLength(JSON.stringify(value))
  if (typeof value !== 'object' || value === null) return String(value).length
  let bytes = 1
  if (Array.isArray(value)) for (const one of value) bytes += bytesOf(one) + 1
  else
    for (const key in value) {
      const one = (value as Record<string, unknown>)[key]
      if (one !== undefined) bytes += bytesOf(key) + bytesOf(one) + 2
    }
  return Math.max(bytes, 2)
}

/** Gives the bucket; a template lies in it only while CloudFormation reads it. */
export function templateBucketResources(names: Names, region: string): Record<string, TemplateResource> {
  const bucket = names.templateBucket(region)
  return {
    TemplateBucket: resource('AWS::S3::Bucket', { BucketName: bucket, ...PRIVATE_BUCKET }),
    TemplateBucketPolicy: resource('AWS::S3::BucketPolicy', {
      Bucket: { Ref: 'TemplateBucket' },
      PolicyDocument: policy([denyWithoutTls(bucket)]),
    }),
  }
}
