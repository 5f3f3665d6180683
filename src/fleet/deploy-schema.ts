/** Schemas of lists of deploys: one after another, or some of them together. */
import * as z from 'zod/mini'
import { partName } from './build-schema.ts'
import { deployKinds } from './deploys/index.ts'
import { schemas } from './kind-schemas.ts'

const TOGETHER = 'deploys that run side by side → one run order'

export const deploysSchema = z
  .array(
    z.union([
      ...schemas(deployKinds),
      z.strictObject({
        together: z.array(z.union(schemas(deployKinds))).check(z.minLength(2), z.describe(TOGETHER)),
      }),
    ]),
  )
  .check(z.minLength(1))

/** In a stage the pipeline's may be named. */
export const stageDeploysSchema = z
  .array(
    z.union([
      ...schemas(deployKinds),
      z.strictObject({
        together: z
          .array(z.union([...schemas(deployKinds), partName]))
          .check(z.minLength(2), z.describe(TOGETHER)),
      }),
      partName,
    ]),
  )
  .check(z.minLength(1))
