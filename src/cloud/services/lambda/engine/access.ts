/** Access declared for operations whose input names a function and perhaps a qualifier. */
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { functionKind } from '../kinds.ts'
import { reference } from './find.ts'

export const accessTo =
  (action: string) =>
  (input: { FunctionName: string; Qualifier?: string }, ctx: Context): AccessRequest[] => [
    functionKind.on(ctx, action, reference(ctx, input.FunctionName, input.Qualifier)),
  ]
