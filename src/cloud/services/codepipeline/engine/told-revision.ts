/** What a job worker tells of the revision that it worked with. */
import type { Context } from '../../../kernel/context.ts'
import type { Revision } from '../state.ts'

interface CurrentRevision {
  readonly revision: string
  readonly changeIdentifier: string
  readonly created?: Date
  readonly revisionSummary?: string
}

export const revisionOf = (ctx: Context, told: CurrentRevision | undefined): Revision | undefined =>
  told && {
    id: told.revision,
    changeIdentifier: told.changeIdentifier,
    summary: told.revisionSummary,
    created: told.created?.getTime() ?? ctx.cloud.clock.now(),
  }
