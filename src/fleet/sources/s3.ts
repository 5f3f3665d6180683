/** A zip file in a versioned S3 bucket as a source; whatever puts it there starts the pipeline. */
import * as z from 'zod/mini'
import { provider } from '../../pipeline/index.ts'
import { expandText, PIPELINE_NAMES, textWith } from '../text.ts'
import { sourceKind } from './source-kind.ts'

export const s3 = sourceKind({
  key: 's3',
  schema: z.strictObject({
    s3: z
      .strictObject({
        bucket: textWith(PIPELINE_NAMES).check(
          z.describe('versioned bucket in the hub account and region that sends its events to EventBridge'),
        ),
        key: textWith(PIPELINE_NAMES).check(z.describe('key of the zip file')),
      })
      .check(
        z.describe(
          'zip file in a versioned bucket → a source action, and a rule whose events start the pipeline',
        ),
      ),
  }),
  branch: () => '',
  expand: ({ s3: object }, scope) => {
    const bucket = expandText(object.bucket, scope)
    const key = expandText(object.key, scope)
    return {
      ...(scope.starts && {
        startedBy: {
          source: ['aws.s3'],
          'detail-type': ['Object Created'],
          detail: { bucket: { name: [bucket] }, object: { key: [key] } },
        },
      }),
      action: {
        name: scope.action,
        actionTypeId: provider.s3Source.type,
        configuration: { S3Bucket: bucket, S3ObjectKey: key, PollForSourceChanges: 'false' },
        outputArtifacts: [{ name: scope.output }],
        namespace: scope.namespace,
      },
    }
  },
})
