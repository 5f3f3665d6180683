/** Source from an object in a versioned bucket. */
import { formatArn } from '../../model/index.ts'
import { type ActionProvider, awsAction, between, needAll, optionally } from '../provider.ts'
import { sourceArtifactNeeds } from '../source-artifact-needs.ts'
import { recordedCall, type SourceEvents, serviceEvent } from '../source-event.ts'

/**
 * AWS: "Amazon S3 source action reference" names what is needed here, without s3:ListBucket. The console's own role of
 * 2018 (oneClick_AWS-CodePipeline-Service) ran such actions with s3:GetBucketVersioning alone of what is on the bucket.
 */
export const s3Source: ActionProvider = {
  type: awsAction('Source', 'S3'),
  inputs: between(0, 0),
  outputs: between(1, 1),
  configuration: {
    S3Bucket: { required: true, names: 'bucket' },
    S3ObjectKey: { required: true, names: 'object' },
    PollForSourceChanges: { values: ['true', 'false'] },
    AllowOverrideForS3ObjectKey: { values: ['true', 'false'] },
  },
  variables: ['BucketName', 'ETag', 'ObjectKey', 'VersionId'],
  starts: {
    by: 'rule',
    polling: 'PollForSourceChanges',
    events,
    watches: ['S3Bucket', 'S3ObjectKey'],
  },
  revisions: ['S3_OBJECT_VERSION_ID', 'S3_OBJECT_KEY'],
  needs: (around) => {
    const { role, region, surroundings, value } = around
    const bucket = formatArn('s3', '', '', value('S3Bucket'))
    const key = value('AllowOverrideForS3ObjectKey') === 'true' ? '*' : value('S3ObjectKey')
    const object = `${bucket}/${key}`
    const because = 'to read the source object'
    const encryption = surroundings.bucketKeyArn?.(value('S3Bucket'))
    return [
      ...needAll(role, ['s3:GetBucketVersioning'], bucket, 'to check the source bucket'),
      // AWS: without s3:ListBucket an object that is not there is told as a denial (HeadObject's page).
      ...optionally(
        needAll(
          role,
          ['s3:GetBucketLocation', 's3:GetBucketAcl', 's3:ListBucket'],
          bucket,
          'to check the source bucket',
        ),
      ),
      ...needAll(role, ['s3:GetObject', 's3:GetObjectVersion'], object, because),
      ...(encryption
        ? needAll(role, ['kms:Decrypt'], encryption, because, {
            'kms:ViaService': `s3.${region}.amazonaws.com`,
            'kms:EncryptionContext:aws:s3:arn': object,
          })
        : []),
      ...sourceArtifactNeeds(around),
    ]
  },
}

/** AWS: "EventBridge event message structure" of S3's guide. */
const DETAILS = [
  'version',
  'event-version',
  'bucket.aws-generated-tags',
  'object.size',
  'object.etag',
  'object.version-id',
  'object.sequencer',
  'request-id',
  'requester',
  'source-ip-address',
  'reason',
]
/** AWS: "Create an EventBridge rule for an Amazon S3 source" of CodePipeline's guide names these calls. */
const CALLS = ['CopyObject', 'PutObject', 'CompleteMultipartUpload']

function events(configuration: Parameters<SourceEvents>[0]): ReturnType<SourceEvents> {
  const { S3Bucket: name, S3ObjectKey: key, AllowOverrideForS3ObjectKey: override } = configuration
  const anyKey = override === 'true'
  const created = serviceEvent(
    'aws.s3',
    'Object Created',
    {
      resources: [formatArn('s3', '', '', name ?? '')],
      detail: { bucket: { name }, ...(!anyKey && { object: { key } }) },
    },
    [...DETAILS, ...(anyKey ? ['object.key'] : [])],
  )
  const calls = CALLS.map((eventName) =>
    recordedCall(
      'aws.s3',
      {
        eventSource: 's3.amazonaws.com',
        eventName,
        requestParameters: { bucketName: name, ...(!anyKey && { key }) },
      },
      { type: 'AWS::S3::Object', arn: formatArn('s3', '', '', `${name}/${anyKey ? '' : key}`) },
    ),
  )
  return [{ ...created, needs: 'bucket notification' }, ...calls]
}
