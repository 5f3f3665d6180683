/** Schema of keys and buckets of the hub that stand already: they are used, and never changed. */
import * as z from 'zod/mini'
import type { SourceLocation } from '../model/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import { region } from './region-schema.ts'

const key = z
  .string()
  .check(
    z.regex(
      /^arn:[^:]+:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/,
      'must be the ARN of a key, not of an alias',
    ),
  )

/** AWS: general purpose buckets. */
const bucket = z
  .string()
  .check(
    z.regex(
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      'must be the name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens',
    ),
  )

export const existingInHub = {
  keys: z
    ._default(
      z.record(region, key).check(
        z.superRefine((keys, context) => {
          for (const [of, arn] of Object.entries(keys)) {
            const own = arn.split(':')[3]
            if (own === of) continue
            context.addIssue({
              code: 'custom',
              message: `this key is in ${own}`,
              path: [of],
              params: { fix: `write it under \`${own}\`, or name a key of ${of}` },
            })
          }
        }),
      ),
      {},
    )
    .check(
      z.describe(
        'ARNs of existing KMS keys by region, instead of keys of the fleet; what their policies must allow `check` prints → encryptionKey of the artifact stores',
      ),
    ),
  buckets: z
    ._default(z.record(region, bucket), {})
    .check(
      z.describe(
        'names of existing buckets by region, for the artifacts of all pipelines, instead of a bucket a pipeline; without S3 Bucket Keys; what their policies must allow `check` prints → artifact stores',
      ),
    ),
}

/** Something that stands already, as the fleet file names it. */
export interface ExistingThing {
  readonly name: string
  readonly location: SourceLocation
}

/** Gives what a map of the file names, with the places where it does. */
export const resolveExisting = (
  named: Readonly<Record<string, string>>,
  path: DataPath,
  document: FleetDocument,
): Readonly<Record<string, ExistingThing>> =>
  Object.fromEntries(
    Object.entries(named).map(([of, name]) => [of, { name, location: document.locate([...path, of]) }]),
  )
