/** Deletes everything in a bucket: CloudFormation deletes none that holds something. */
import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  NoSuchBucket,
  type ObjectIdentifier,
  S3Client,
} from '@aws-sdk/client-s3'
import type { OpenAccounts } from '../../aws/index.ts'
import type { Target } from '../../model/index.ts'

/** Deletes all versions and markers; a bucket that is not there is empty. AWS: a thousand at once. */
export async function emptyBucket(accounts: OpenAccounts, target: Target, bucket: string): Promise<void> {
  const client = await accounts.client(S3Client, target)
  try {
    for (;;) {
      const listed = await client.send(new ListObjectVersionsCommand({ Bucket: bucket }))
      const Objects = [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])].map(
        ({ Key, VersionId }): ObjectIdentifier => ({ Key: Key ?? '', VersionId }),
      )
      if (!Objects.length) return
      const { Errors = [] } = await client.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
      )
      if (Errors[0]) throw new Error(`${Errors[0].Key} stays in ${bucket}: ${Errors[0].Message}`)
    }
  } catch (error) {
    if (!(error instanceof NoSuchBucket)) throw error
  }
}
