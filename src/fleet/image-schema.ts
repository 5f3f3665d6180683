/** Schema of image repositories that a fleet makes in its hub. */
import * as z from 'zod/mini'
import { FleetError, nearest, type SourceLocation } from '../model/index.ts'
import type { DataPath, FleetDocument } from './document.ts'

/** AWS: small letters, digits and single separators; the fleet's name and a slash come before it. */
export const imageName = z
  .string()
  .check(
    z.regex(
      /^[a-z][a-z0-9]*([._-][a-z0-9]+)*$/,
      'must be small letters and digits with single . _ - between them, and start with a letter',
    ),
    z.maxLength(100),
  )

const imageSchema = z.nullable(
  z.strictObject({
    keep: z
      .optional(z.int().check(z.gte(1), z.lte(10000)))
      .check(z.describe('images that are kept, the newest; all without it → LifecyclePolicy')),
    scan: z
      ._default(z.boolean(), true)
      .check(z.describe('look for known weaknesses in what is pushed → ScanOnPush')),
    immutable: z
      ._default(z.boolean(), false)
      .check(z.describe('a tag that is there is never moved → ImageTagMutability')),
  }),
)

export const imagesSchema = z._default(z.record(imageName, imageSchema), {})

/** Images that a build may push. */
export const pushedImages = z._default(
  z.array(imageName).check(
    z.minLength(1),
    z.refine((names) => new Set(names).size === names.length, 'must name an image once'),
  ),
  [],
)

export interface FleetImage {
  readonly name: string
  readonly location: SourceLocation
  /** How many are kept; absent: all. */
  readonly keep?: number
  readonly scan: boolean
  readonly immutable: boolean
}

export const resolveImages = (file: z.output<typeof imagesSchema>, document: FleetDocument): FleetImage[] =>
  Object.entries(file).map(([name, image]) => ({
    name,
    location: document.locateKey(['images', name]),
    ...(image ?? { scan: true, immutable: false }),
  }))

/** Gives an error for each image that a build pushes and the fleet does not have. */
export const strangeImages = (
  pushed: readonly string[],
  known: readonly string[],
  path: DataPath,
  document: FleetDocument,
): FleetError[] =>
  pushed.flatMap((name, index) => {
    if (known.includes(name)) return []
    const meant = nearest(name, known)
    return new FleetError(
      `there is no image \`${name}\`${known.length ? `; there are ${known.join(', ')}` : ''}`,
      {
        location: document.locate([...path, index]),
        fix: meant ? `write \`${meant}\`` : `add \`images: { ${name}: }\` to the fleet`,
      },
    )
  })
