/** Deletes many resources in the right order. */
import type { StackResource } from '../state.ts'
import { type Doomed, deleteResource } from './delete-resource.ts'
import { runGraph } from './run-graph.ts'
import type { StackRun } from './stack-run.ts'

/** Deletes in the reverse of the order in which things were made. Gives the logical ids that failed. */
export async function remove(run: StackRun, doomed: readonly Doomed[]): Promise<string[]> {
  const byKey = new Map(doomed.map((one, index) => [`${one.logicalId} ${index}`, one]))
  const users = new Map<string, string[]>()
  for (const [key, { physical }] of byKey)
    for (const needed of physical?.dependsOn ?? []) users.set(needed, [...(users.get(needed) ?? []), key])
  const { failed, skipped } = await runGraph(
    [...byKey.keys()],
    (key) => users.get(byKey.get(key)!.logicalId) ?? [],
    (key) => deleteResource(run, byKey.get(key)!),
    () => run.ctx.cloud.signal.aborted,
  )
  const named = (keys: Iterable<string>) => [...new Set([...keys].map((key) => byKey.get(key)!.logicalId))]
  return failed.size > 0 ? named(failed) : run.ctx.cloud.signal.aborted ? named(skipped) : []
}

const isGone = ({ status }: StackResource): boolean =>
  status === 'DELETE_COMPLETE' || status === 'DELETE_SKIPPED'

/** Gives a resource as one thing to delete, unless it has been deleted already. */
export const wholly = (record: StackResource, retain: boolean): Doomed[] =>
  isGone(record)
    ? []
    : [{ logicalId: record.logicalId, type: record.type, physical: record.physical, retain, whole: true }]

/** Gives what an update left behind of a resource. */
export const leftoversOf = (record: StackResource): Doomed[] =>
  (record.leftovers ?? []).map((physical) => ({
    logicalId: record.logicalId,
    type: record.type,
    physical,
    retain: record.updateReplacePolicy === 'Retain',
    whole: false,
  }))

/** `The following resource(s) failed to delete: [A, B]. ` */
export const failedToDelete = (ids: readonly string[]): string =>
  `The following resource(s) failed to delete: [${ids.join(', ')}]. `

/** Gives all of a stack's resources; `creating` when a creation is being rolled back. */
export function everything(run: StackRun, options: { creating: boolean }): Doomed[] {
  const leave = new Set(run.stack.operation?.leave)
  const retained = (record: StackResource): boolean => {
    if (leave.has(record.logicalId) || record.imported) return true
    if (record.deletionPolicy === 'RetainExceptOnCreate') return !options.creating
    return record.deletionPolicy === 'Retain' && !(options.creating && run.stack.retainExceptOnCreate)
  }
  return run.resources
    .values()
    .flatMap((record) => [...wholly(record, retained(record)), ...leftoversOf(record)])
}
