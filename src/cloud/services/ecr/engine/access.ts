/** Access declared for operations that name a repository and bring no condition keys. */
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { repositoryKind } from '../kinds.ts'
import type { Named } from './find.ts'

export const accessTo =
  (action: string) =>
  (input: Named, ctx: Context): AccessRequest[] => [repositoryKind.on(ctx, action, input)]
