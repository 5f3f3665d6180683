/** A zip file in a versioned S3 bucket as a source; whatever puts it there starts the pipeline. */
import * as z from 'zod/mini'
import { provider } from '../../pipeline/index.ts'
import { expandText, PIPELINE_NAMES, textWith } from '../text.ts'
import { sourceKind } from './source-kind.ts'
import { writersSchema } from './writers-schema.ts'

const objectSchema = z
  .strictObject({
    bucket: z
      .optional(textWith(PIPELINE_NAMES))
      .check(
        z.describe(
          'versioned bucket in the hub account and region that sends its events to EventBridge; Crossdock makes one without it',
        ),
      ),
    key: z
      .optional(textWith(PIPELINE_NAMES))
      .check(z.describe('key of the zip file; PIPELINE/SOURCE.zip in the bucket that Crossdock makes')),
    writers: z
      .optional(writersSchema)
      .check(
        z.describe(
          'who may put this object and no other; the identity provider of tokens stands in the hub already → a role for each that comes with tokens, and the policy of the bucket',
        ),
      ),
  })
  .check(
    z.superRefine(({ bucket, key, writers }, context) => {
      const complain = (message: string, path: string, fix: string) =>
        context.addIssue({ code: 'custom', message, path: [path], params: { fix } })
      if (bucket !== undefined && key === undefined)
        complain('a bucket that exists has the zip file under a key', 'bucket', 'add `key`')
      if (bucket !== undefined && writers)
        complain(
          'the policy of a bucket that exists says who may write',
          'writers',
          'remove `bucket`, or let its own policy say so and remove `writers`',
        )
    }),
  )

export const s3 = sourceKind({
  key: 's3',
  schema: z.strictObject({
    s3: objectSchema.check(
      z.describe(
        'zip file in a versioned bucket → a source action, and a rule whose events start the pipeline',
      ),
    ),
  }),
  branch: () => '',
  expand: ({ s3: object }, scope) => {
    const own = object.bucket === undefined
    const bucket = own ? scope.dropBucket : expandText(object.bucket!, scope)
    const key = expandText(object.key ?? `${scope.pipeline}/${scope.source}.zip`, scope)
    return {
      ...(own && { drop: { key, writers: object.writers ?? [] } }),
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
