/** Deletes one resource, or what an update left behind of it, with the events of every step. */
import type { Physical, StackResource } from '../state.ts'
import { reasonOfRecorded } from './recorded.ts'
import { currentProperties, handlerOf } from './resource-handler.ts'
import { runHandler } from './run-handler.ts'
import type { StackRun } from './stack-run.ts'

/** One thing to delete: a resource, or what an update left behind of it. */
export interface Doomed {
  readonly logicalId: string
  readonly type: string
  readonly physical?: Physical
  readonly retain: boolean
  /** Whether the resource's own record is to follow, and not only the events. */
  readonly whole: boolean
}

/** Deletes one thing, or skips it where it is to be kept. Gives whether it succeeded. */
export async function deleteResource(run: StackRun, doomed: Doomed): Promise<boolean> {
  const { logicalId, type, physical } = doomed
  const note = (status: StackResource['status'], reason?: string): void => {
    const record = run.resources.get(logicalId)
    if (doomed.whole && record)
      run.setResource({ ...record, status, reason }, { properties: physical?.declared })
    else run.resourceEvent(logicalId, type, physical?.id ?? '', status, reason, physical?.declared)
    // What is dealt with is no leftover any more: a run that a kill interrupted does not come to it again.
    if (!doomed.whole && record && (status === 'DELETE_COMPLETE' || status === 'DELETE_SKIPPED')) {
      const leftovers = record.leftovers?.filter((one) => one.id !== physical?.id)
      run.resources.put(logicalId, { ...record, leftovers })
    }
  }
  if (!physical) {
    note('DELETE_COMPLETE')
    return true
  }
  if (doomed.retain) {
    note('DELETE_SKIPPED')
    return true
  }
  const begin = () => note('DELETE_IN_PROGRESS')
  try {
    const handler = handlerOf(run, type)
    const properties = currentProperties(handler.spec, physical)
    await runHandler(run, { logicalId, type, verb: 'delete', before: physical, begin }, (rc) =>
      handler.type.delete(physical.id, properties, rc),
    )
    note('DELETE_COMPLETE', handler.recorded ? reasonOfRecorded(type) : undefined)
    return true
  } catch (error) {
    if (run.ctx.cloud.signal.aborted) return false
    note('DELETE_FAILED', run.reasonOf(error, `delete ${type}`))
    return false
  }
}
