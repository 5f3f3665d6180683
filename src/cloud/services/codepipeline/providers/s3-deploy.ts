/** Deployment of an artifact's files, or of the artifact as it is, to a bucket. */

import type { ObjectCannedACL } from '@aws-sdk/client-s3'
import { entryOf } from '../../../../model/index.ts'
import { open } from '../../../machine/archive.ts'
import { bucketRecord } from '../engine/artifact-objects.ts'
import { ActionFailure, type ActionJob, type Runner } from './runner.ts'

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css',
  csv: 'text/csv',
  gif: 'image/gif',
  htm: 'text/html',
  html: 'text/html',
  ico: 'image/x-icon',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  map: 'application/json',
  mjs: 'text/javascript',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  wasm: 'application/wasm',
  webp: 'image/webp',
  woff: 'font/woff',
  woff2: 'font/woff2',
  xml: 'text/xml',
  zip: 'application/zip',
}
/** Objects written at the same time. */
const LANES = 8

export const s3Deploy: Runner = {
  id: 'Deploy/S3',
  run: async (job) => {
    const { BucketName: bucket = '', Extract, ObjectKey = '' } = job.configuration
    checkBucket(job, bucket)
    const content = await job.read(job.inputs[0]!)
    const key = substituted(job, ObjectKey)
    if (Extract === 'false') await put(job, key, content)
    else await putAll(job, key ? `${key.replace(/\/$/, '')}/` : '', content)
    return { external: { id: bucket, summary: `Deployed to ${bucket}/${key}` } }
  },
}

function checkBucket(job: ActionJob, bucket: string): void {
  const region = bucketRecord(job.ctx, bucket)?.region
  if (!region || region === job.region) return
  throw new ActionFailure(`The bucket ${bucket} is in ${region}, not in the action's region ${job.region}`, {
    code: 'ConfigurationError',
  })
}

/** AWS: `{datetime}` and `{uuid}` in the object key are replaced. */
const substituted = ({ ctx, once }: ActionJob, key: string): string =>
  key
    .replaceAll('{datetime}', () => once('datetime', () => ctx.cloud.clock.date().toISOString()))
    .replaceAll('{uuid}', () => once('uuid', () => ctx.cloud.ids.uuid()))

async function putAll(job: ActionJob, prefix: string, archive: Buffer): Promise<void> {
  const files = await open(archive).catch((error: Error) => {
    throw new ActionFailure(`The artifact ${job.inputs[0]?.name} cannot be extracted: ${error.message}`)
  })
  const queue = [...files]
  const lane = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) await put(job, prefix + next[0], next[1].content)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

async function put(job: ActionJob, key: string, content: Uint8Array): Promise<void> {
  const { BucketName = '', KMSEncryptionKeyARN, CannedACL, CacheControl } = job.configuration
  await job.call('s3', 'PutObject', {
    Bucket: BucketName,
    Key: key,
    Body: content as never,
    ContentType:
      entryOf(TYPES, key.slice(key.lastIndexOf('.') + 1).toLowerCase()) ?? 'application/octet-stream',
    CacheControl: CacheControl || undefined,
    ACL: (CannedACL || undefined) as ObjectCannedACL | undefined,
    ...(KMSEncryptionKeyARN && {
      ServerSideEncryption: 'aws:kms' as const,
      SSEKMSKeyId: KMSEncryptionKeyARN,
    }),
  })
}
