/** Schema of the waves of a stage: which places come first, and which after them. */
import * as z from 'zod/mini'
import { guardKeys } from './guards-schema.ts'
import { region } from './region-schema.ts'

const wave = z.strictObject({
  accounts: z
    .optional(
      z.union([
        z.int().check(z.gte(1)),
        z
          .string()
          .check(z.regex(/^(100|[1-9]\d?)%$/, 'must be a number of accounts, 25% of them, or a list')),
        z.array(z.string().check(z.minLength(1))).check(z.minLength(1)),
      ]),
    )
    .check(
      z.describe(
        'how many accounts, which part of all accounts of the stage (25%), or the names or ids of some; all without it',
      ),
    ),
  regions: z
    .optional(z.array(region).check(z.minLength(1)))
    .check(z.describe('some regions of the stage; all without it')),
  approve: guardKeys.approve.check(
    z.describe('a person approves before this wave; the approval of the stage comes before the first'),
  ),
  bake: guardKeys.bake.check(z.describe('minutes for this wave; those of the stage without it')),
  repeat: z._default(z.boolean(), false).check(z.describe('again until no place is left that it may take')),
})
export type WaveFile = z.output<typeof wave> | 'rest'

export const wavesSchema = z
  .array(z.union([z.literal('rest').check(z.describe('all places that are left')), wave]))
  .check(z.minLength(1))
