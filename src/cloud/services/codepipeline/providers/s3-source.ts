/** Source from an object in a versioned bucket. */

import { objectCreated } from '../../../kernel/service-events.ts'
import { collect, inspectBucket } from '../engine/artifact-objects.ts'
import {
  ActionFailure,
  type ActionJob,
  type Runner,
  type Start,
  startsOn,
  type WaitingSource,
} from './runner.ts'

export const s3Source: Runner = {
  id: 'Source/S3',
  starts: startsOn(objectCreated, startByPoll),
  run: async (job) => {
    const { S3Bucket: bucket = '' } = job.configuration
    await checkBucket(job, bucket)
    const key = wantedKey(job)
    const versionId =
      job.override?.revisionType === 'S3_OBJECT_VERSION_ID' ? job.override.revisionValue : undefined
    const head = await job.call('s3', 'HeadObject', { Bucket: bucket, Key: key, VersionId: versionId })
    const { Body } = await job.call('s3', 'GetObject', {
      Bucket: bucket,
      Key: key,
      VersionId: head.VersionId,
    })
    await job.write(job.outputs[0]!, await collect(Body as unknown as AsyncIterable<Uint8Array>))
    const id = head.VersionId ?? ''
    const summary = `Amazon S3 version id: ${id}`
    return {
      variables: {
        BucketName: bucket,
        ETag: (head.ETag ?? '').replaceAll('"', ''),
        ObjectKey: key,
        VersionId: id,
      },
      external: { id, summary },
      revision: { id, summary, created: (head.LastModified ?? job.ctx.cloud.clock.date()).getTime() },
    }
  },
}

/** What polling would find: a new object in the pipeline's region. */
function startByPoll(
  told: { readonly region: string; readonly bucket: string; readonly key: string },
  { action, region }: WaitingSource,
): Start | undefined {
  const { S3Bucket, S3ObjectKey, PollForSourceChanges = 'true' } = action.configuration ?? {}
  const isNew = told.region === region && told.bucket === S3Bucket && told.key === S3ObjectKey
  return isNew && PollForSourceChanges !== 'false'
    ? { trigger: { type: 'PollForSourceChanges', detail: action.name } }
    : undefined
}

/** AWS: the bucket must keep versions, so that an execution has one it can be sure of. */
async function checkBucket(job: ActionJob, bucket: string): Promise<void> {
  const reach = { ctx: job.ctx, identity: await job.as(), region: job.region }
  const { versioned } = await inspectBucket(reach, bucket)
  if (versioned) return
  throw new ActionFailure(`The source bucket ${bucket} does not keep versions; a source bucket must`, {
    code: 'ConfigurationError',
  })
}

function wantedKey({ configuration, override }: ActionJob): string {
  if (override?.revisionType !== 'S3_OBJECT_KEY') return configuration.S3ObjectKey ?? ''
  if (configuration.AllowOverrideForS3ObjectKey === 'true') return override.revisionValue
  throw new ActionFailure('The object key can be overridden only where AllowOverrideForS3ObjectKey is true', {
    code: 'ConfigurationError',
  })
}
