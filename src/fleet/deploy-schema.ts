/** Schema of a list of deploys: one after another, or some of them together. */
import * as z from 'zod/mini'
import { deployKinds } from './deploys/index.ts'
import { schemas } from './kind-schemas.ts'

export const deploysSchema = z
  .array(
    z.union([
      ...schemas(deployKinds),
      z.strictObject({
        together: z
          .array(z.union(schemas(deployKinds)))
          .check(z.minLength(2), z.describe('deploys that run side by side → one run order')),
      }),
    ]),
  )
  .check(z.minLength(1))
