/** Access declared for operations whose input names a rule by Name. */
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { ruleKind } from '../kinds.ts'
import { busRef } from './find.ts'

export const accessToRule =
  (action: string) =>
  (input: { Name: string; EventBusName?: string }, ctx: Context): AccessRequest[] => [
    ruleKind.on(ctx, action, [busRef(ctx, input.EventBusName), input.Name]),
  ]
