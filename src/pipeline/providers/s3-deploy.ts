/** Deployment of an artifact's files to a bucket. */
import { formatArn, type Need } from '../../model/index.ts'
import { type ActionProvider, awsAction, between, needAll, optionally } from '../provider.ts'
import type { ActionSurroundings } from '../surroundings.ts'

const ACLS = [
  'private',
  'public-read',
  'public-read-write',
  'authenticated-read',
  'aws-exec-read',
  'bucket-owner-read',
  'bucket-owner-full-control',
]

/**
 * AWS: "Amazon S3 deploy action reference" names permissions on the bucket, but AWS CDK grants none
 * (S3DeployAction: s3:PutObject…, s3:PutObjectAcl with an ACL only), and its integration test runs to Succeeded.
 */
export const s3Deploy: ActionProvider = {
  type: awsAction('Deploy', 'S3'),
  inputs: between(1, 1),
  outputs: between(0, 0),
  configuration: {
    BucketName: { required: true, names: 'bucket' },
    Extract: { required: true, values: ['true', 'false'] },
    ObjectKey: {},
    KMSEncryptionKeyARN: { names: 'key' },
    CannedACL: { values: ACLS, names: 'acl' },
    CacheControl: {},
  },
  variables: [],
  check: ({ configuration = {} }) =>
    configuration.Extract === 'false' && !configuration.ObjectKey
      ? ['ObjectKey is required where Extract is false']
      : [],
  needs: (around) => {
    const { action, role, value, reads } = around
    const bucket = formatArn('s3', '', '', value('BucketName'))
    const because = `to deploy to the bucket ${value('BucketName')}`
    const put = value('CannedACL') ? ['s3:PutObject', 's3:PutObjectAcl'] : ['s3:PutObject']
    return [
      ...optionally(needAll(role, ['s3:GetBucketLocation'], bucket, because)),
      ...needAll(role, put, `${bucket}/${deployedKeys(around)}`, because),
      ...keyNeeds(around, because),
      ...(action.inputArtifacts ?? []).flatMap((one) =>
        reads(role, one.name, `to read the artifact ${one.name}`),
      ),
    ]
  },
}

function deployedKeys({ value }: ActionSurroundings): string {
  const key = value('ObjectKey').replace(/\/$/, '')
  if (value('Extract') === 'false') return key || '*'
  return key ? `${key}/*` : '*'
}

function keyNeeds(around: ActionSurroundings, because: string): Need[] {
  const { role, region, surroundings, value } = around
  const key = value('KMSEncryptionKeyARN') || surroundings.bucketKeyArn?.(value('BucketName'))
  if (!key) return []
  return needAll(role, ['kms:GenerateDataKey'], key, because, {
    'kms:ViaService': `s3.${region}.amazonaws.com`,
  })
}
