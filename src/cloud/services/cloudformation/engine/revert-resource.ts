/** Brings one resource back to what stood before an update that failed. */
import { currentProperties, handlerOf } from './resource-handler.ts'
import { runHandler } from './run-handler.ts'
import type { StackRun } from './stack-run.ts'

/** Brings a changed resource back to what stood before the update. Gives whether it succeeded. */
export async function revertResource(run: StackRun, logicalId: string): Promise<boolean> {
  const record = run.resources.get(logicalId)!
  const { previous, physical, change: how, ...rest } = record
  if (!previous) return true
  const begin = () =>
    run.setResource(
      { ...record, status: 'UPDATE_IN_PROGRESS', reason: undefined },
      { properties: previous.declared },
    )
  try {
    let restored = previous
    if (how === 'replaced' || !physical) begin()
    else {
      const { spec, type } = handlerOf(run, record.type)
      const { id, attributes } = physical
      const [then, now] = [currentProperties(spec, previous), currentProperties(spec, physical)]
      const outcome = await runHandler(
        run,
        { logicalId, type: spec.type, verb: 'revert', before: physical, begin },
        async (rc) => type.update?.(id, then, now, rc),
      )
      restored = {
        ...previous,
        attributes: { ...attributes, ...previous.attributes, ...outcome?.attributes },
      }
    }
    const abandoned =
      how === 'replaced' && physical ? [...(record.leftovers ?? []), physical] : record.leftovers
    run.setResource(
      { ...rest, physical: restored, leftovers: abandoned, status: 'UPDATE_COMPLETE', reason: undefined },
      { properties: previous.declared },
    )
    return true
  } catch (error) {
    if (run.ctx.cloud.signal.aborted) return false
    const reason = run.reasonOf(error, `roll back ${record.type}`)
    run.setResource({ ...record, status: 'UPDATE_FAILED', reason })
    return false
  }
}
