/** What failed in a pipeline's execution, gathered until it has ended. AWS: rules with full details tell it with the failure. */

import type { Context } from '../../../kernel/context.ts'
import type { CloudEvent } from '../../../kernel/event-bus.ts'
import { type Failures, failures } from '../state.ts'

const ENDS = ['SUCCEEDED', 'FAILED', 'STOPPED', 'CANCELED', 'SUPERSEDED', 'RESUMED']

/** Takes note of an event of a pipeline; gives what failed so far in what it is of. */
export function noteFailure(ctx: Context, { detailType, detail }: CloudEvent): Failures | undefined {
  const id = detail['execution-id']
  if (typeof id !== 'string' || !detailType.startsWith('CodePipeline ')) return undefined
  const table = ctx.table(failures)
  const known = table.get(id)
  if (detailType.startsWith('CodePipeline Action ') && detail.state === 'FAILED') {
    const { 'external-execution-summary': additionalInformation } = (detail['execution-result'] ?? {}) as {
      'external-execution-summary'?: string
    }
    const stage = String(detail.stage)
    const before = known?.failedStage === stage ? known.failedActions : []
    const failed = { action: String(detail.action), additionalInformation }
    table.put(id, { failedStage: stage, failedActions: [...before, failed] })
  }
  if (detailType.startsWith('CodePipeline Pipeline ') && known && ENDS.includes(String(detail.state)))
    table.delete(id)
  return known
}
