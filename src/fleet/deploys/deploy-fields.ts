/** Fields that stand beside the kind of a deploy. */
import * as z from 'zod/mini'
import { partName } from '../build-schema.ts'

/** Of a kind that deploys an artifact. */
export const artifactFields = {
  from: z
    .optional(partName)
    .check(z.describe('artifact that is deployed; that of the build without it, else that of the source')),
}
