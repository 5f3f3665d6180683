/** Schema of whether a pipeline follows its fleet file. */
import * as z from 'zod/mini'

export const selfUpdateSchema = z.optional(z.union([z.boolean(), z.string().check(z.minLength(1))]))
export type SelfUpdateFile = z.output<typeof selfUpdateSchema>
