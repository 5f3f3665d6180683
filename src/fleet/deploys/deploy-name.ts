/** What a deploy is called in the fleet file, beside its kind. */
import * as z from 'zod/mini'
import { partName } from '../build-schema.ts'

/** Whether a text can be the name of a deploy. */
export const isDeployName = (text: string): boolean => z.safeParse(partName, text).success

export const nameField = {
  name: z
    .optional(partName)
    .check(
      z.describe('what stages, steps and ${outputs…} call it; the name of its stack without it, or its kind'),
    ),
}
