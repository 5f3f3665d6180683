/** The schemas of a list of kinds, for a union of them. */
import type * as z from 'zod/mini'

/** Gives them with their types kept one by one, which map alone would lose. */
export function schemas<const Kinds extends readonly { schema: z.ZodMiniObject }[]>(kinds: Kinds) {
  return kinds.map((kind) => kind.schema) as unknown as {
    readonly [Index in keyof Kinds]: Kinds[Index]['schema']
  }
}
