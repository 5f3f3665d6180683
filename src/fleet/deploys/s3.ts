/** Files put into an S3 bucket as a deploy: the artifact unpacked, or as one object. */
import * as z from 'zod/mini'
import { provider } from '../../pipeline/index.ts'
import { permission } from '../build-schema.ts'
import { expandText, STAGE_NAMES, textWith } from '../text.ts'
import { artifactFields } from './deploy-fields.ts'
import { type DeployScope, deployKind } from './deploy-kind.ts'
import { nameField } from './deploy-name.ts'

const filesSchema = z
  .strictObject({
    bucket: textWith(STAGE_NAMES).check(
      z.describe(
        'bucket that exists in the account and region of the stage; Crossdock makes and deletes none',
      ),
    ),
    extract: z._default(z.boolean(), true).check(z.describe('false puts the zip file itself → Extract')),
    key: z
      .optional(textWith(STAGE_NAMES))
      .check(z.describe('folder for the files, or key of the zip file → ObjectKey')),
    cacheControl: z
      .optional(textWith(STAGE_NAMES))
      .check(z.describe('Cache-Control header of every object → CacheControl')),
    permissions: z
      .optional(z.array(permission).check(z.minLength(1)))
      .check(
        z.describe('what the pipeline may do there besides: use the key of an encrypted bucket, for example'),
      ),
  })
  .check(
    z.superRefine((files, context) => {
      if (!files.extract && !files.key)
        context.addIssue({
          code: 'custom',
          message: 'a zip file needs a key',
          path: ['extract'],
          params: { fix: 'add `key`, the name of the object' },
        })
    }),
  )

export const s3 = deployKind({
  key: 's3',
  schema: z.strictObject({
    ...nameField,
    s3: filesSchema.check(z.describe('files put into a bucket → an S3 deploy action')),
    ...artifactFields,
  }),
  permissions: ({ s3: files }) => files.permissions ?? [],
  expand: ({ s3: files }, scope) => {
    const bucket = expandText(files.bucket, scope)
    return {
      deploy: {
        name: isNamedFor(bucket, scope) ? `deploy-${bucket}` : `deploy-${bucket}-${scope.place}`,
        actionTypeId: provider.s3Deploy.type,
        configuration: {
          BucketName: bucket,
          Extract: String(files.extract),
          ...(files.key && { ObjectKey: expandText(files.key, scope) }),
          ...(files.cacheControl && { CacheControl: expandText(files.cacheControl, scope) }),
        },
        inputArtifacts: [{ name: scope.input }],
        roleArn: scope.actionRole,
        region: scope.region,
      },
    }
  },
})

/** Whether a bucket's name tells the place already. */
const isNamedFor = (bucket: string, { account, region, place }: DeployScope): boolean =>
  bucket.includes(region) && (place === region || bucket.includes(account))
