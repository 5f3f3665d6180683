/**
 * Takes a stack from a state in progress to one where it rests. Each state's step reads everything it needs from the
 * records and puts what it did, so that a run that a crash interrupted goes on from where it stood.
 */

import { evaluateTemplate } from '../../../../template/index.ts'
import { forgetNested } from '../change-set/forget.ts'
import {
  changeSets,
  type Stack,
  type StackResource,
  type StackStatus,
  type StackVersion,
  stackNames,
} from '../state.ts'
import { applyTemplate } from './apply-template.ts'
import type { Doomed } from './delete-resource.ts'
import { deletionConflict } from './exports.ts'
import { everything, failedToDelete, leftoversOf, remove, wholly } from './remove-resources.ts'
import { loadHandlers } from './resource-handler.ts'
import { revertResource } from './revert-resource.ts'
import { runGraph } from './run-graph.ts'
import type { StackRun } from './stack-run.ts'

const steps: Partial<Record<StackStatus, (run: StackRun) => Promise<void>>> = {
  CREATE_IN_PROGRESS: createStep,
  ROLLBACK_IN_PROGRESS: rollbackStep,
  DELETE_IN_PROGRESS: deleteStep,
  UPDATE_IN_PROGRESS: updateStep,
  IMPORT_IN_PROGRESS: importStep,
  IMPORT_ROLLBACK_IN_PROGRESS: rollbackCleanupStep,
  UPDATE_COMPLETE_CLEANUP_IN_PROGRESS: cleanupStep,
  UPDATE_ROLLBACK_IN_PROGRESS: updateRollbackStep,
  UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS: rollbackCleanupStep,
}

/** Whether an operation on the stack is under way. */
export const isBusy = (stack: Stack): boolean => steps[stack.status] !== undefined

async function runStack(run: StackRun): Promise<void> {
  for (;;) {
    if (run.ctx.cloud.signal.aborted) return
    const step = steps[run.stack.status]
    if (!step) return
    await loadHandlers(run.ctx, run.stackId)
    await step(run)
    if (!steps[run.stack.status]) concludeChangeSet(run)
  }
}

/** Says in the change set that the stack was brought here by what came of it. */
function concludeChangeSet({ ctx, stack }: StackRun): void {
  const table = ctx.table(changeSets)
  const set = stack.changeSetId ? table.get(stack.changeSetId) : undefined
  if (set?.executionStatus !== 'EXECUTE_IN_PROGRESS') return
  const succeeded = /^(CREATE|IMPORT|UPDATE)_COMPLETE$/.test(stack.status)
  table.put(set.id, { ...set, executionStatus: succeeded ? 'EXECUTE_COMPLETE' : 'EXECUTE_FAILED' })
  // Those that a failed execution never came to.
  forgetNested(ctx, set.id)
}

async function createStep(run: StackRun): Promise<void> {
  const failure = await applyTemplate(run)
  if (failure === 'interrupted') return
  // Somebody has asked for the deletion meanwhile.
  if (run.stack.status !== 'CREATE_IN_PROGRESS') return
  if (!failure) {
    for (const { logicalId } of run.resources.values()) settle(run, logicalId)
    return run.setStatus('CREATE_COMPLETE')
  }
  const { onFailure } = run.stack
  if (onFailure === 'DO_NOTHING') return run.setStatus('CREATE_FAILED', failure.reason)
  const told = failure.reason.trimEnd()
  // AWS ends what it tells of a template once more: "Template format error: unsupported structure.. Rollback requested by user."
  const reason = told.endsWith('.') && !failure.ofTemplate ? told : `${told}.`
  if (onFailure === 'DELETE')
    return run.setStatus('DELETE_IN_PROGRESS', `${reason} Delete requested by user.`)
  run.setStatus('ROLLBACK_IN_PROGRESS', `${reason} Rollback requested by user.`)
}

async function updateStep(run: StackRun): Promise<void> {
  const failure = await applyTemplate(run)
  if (!failure) return run.setStatus('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS')
  if (failure === 'interrupted') return
  const { disableRollback, operation, previous } = run.stack
  if (disableRollback && !operation?.cancelled) return run.setStatus('UPDATE_FAILED', failure.reason)
  run.setStatus('UPDATE_ROLLBACK_IN_PROGRESS', failure.reason, previous && versionOf(previous))
}

/** AWS: an import neither makes nor deletes anything, so that nothing is left to be cleaned up. */
async function importStep(run: StackRun): Promise<void> {
  const failure = await applyTemplate(run)
  if (failure === 'interrupted') return
  const { previous } = run.stack
  if (failure)
    return run.setStatus('IMPORT_ROLLBACK_IN_PROGRESS', failure.reason, previous && versionOf(previous))
  for (const { logicalId } of run.resources.values()) settle(run, logicalId)
  run.setStatus('IMPORT_COMPLETE', undefined, { previous: undefined })
}

/** AWS: a rollback of a creation also deletes what RetainExceptOnCreate would keep, Retain it keeps. */
async function rollbackStep(run: StackRun): Promise<void> {
  const failed = await remove(run, everything(run, { creating: true }))
  if (run.ctx.cloud.signal.aborted) return
  if (failed.length > 0) return run.setStatus('ROLLBACK_FAILED', failedToDelete(failed))
  run.setStatus('ROLLBACK_COMPLETE', undefined, { outputs: [], imports: [] })
}

async function deleteStep(run: StackRun): Promise<void> {
  const { ctx, stack } = run
  const conflict = deletionConflict(ctx, stack)
  if (conflict) return run.setStatus(stack.operation?.statusBefore ?? 'CREATE_COMPLETE', conflict)
  const failed = await remove(
    run,
    everything(run, {
      creating: stack.onFailure === 'DELETE' && stack.operation?.statusBefore === undefined,
    }),
  )
  if (ctx.cloud.signal.aborted) return
  if (failed.length > 0) return run.setStatus('DELETE_FAILED', failedToDelete(failed))
  const names = ctx.table(stackNames)
  if (names.get(stack.name) === stack.id) names.delete(stack.name)
  run.setStatus('DELETE_COMPLETE', undefined, {
    deletedAt: ctx.cloud.clock.now(),
    imports: [],
    previous: undefined,
  })
}

/** Deletes what the update replaced and what its template no longer has; failures do not undo the update. */
async function cleanupStep(run: StackRun): Promise<void> {
  const evaluated = evaluateTemplate(run.stack, run.identity, run.lookups)
  const kept = new Set(evaluated.active)
  for (const record of run.resources.values()) leaveReplaced(run, record)
  const records = run.resources.values()
  const doomed = records.flatMap((record): Doomed[] => {
    if (kept.has(record.logicalId)) return leftoversOf(record)
    const retain = record.deletionPolicy === 'Retain' || record.deletionPolicy === 'RetainExceptOnCreate'
    return [...wholly(record, retain), ...leftoversOf(record)]
  })
  await remove(run, doomed)
  if (run.ctx.cloud.signal.aborted) return
  for (const record of records) {
    if (kept.has(record.logicalId)) settle(run, record.logicalId)
    else run.resources.delete(record.logicalId)
  }
  run.setStatus('UPDATE_COMPLETE', undefined, { previous: undefined })
}

/** What the update replaced stands beside what it left over otherwise. */
function leaveReplaced(run: StackRun, { change, previous, ...record }: StackResource): void {
  if (change !== 'replaced' || !previous) return
  run.resources.put(record.logicalId, { ...record, leftovers: [...(record.leftovers ?? []), previous] })
}

/** Forgets what an update had to remember about a resource. */
function settle(run: StackRun, logicalId: string): void {
  const { change: _, previous: __, leftovers: ___, imported: ____, ...record } = run.resources.get(logicalId)!
  run.resources.put(logicalId, record)
}

async function updateRollbackStep(run: StackRun): Promise<void> {
  const { ctx, stack } = run
  const skip = new Set(stack.operation?.leave)
  const records = run.resources.values()
  const changed = records.filter((record) => record.previous && !skip.has(record.logicalId))
  const order = new Map(changed.map((record) => [record.logicalId, record.previous!.dependsOn]))
  const { failed } = await runGraph(
    [...order.keys()],
    (id) => order.get(id) ?? [],
    (id) => revertResource(run, id),
    () => ctx.cloud.signal.aborted,
  )
  if (ctx.cloud.signal.aborted) return
  for (const record of records)
    if (skip.has(record.logicalId))
      run.setResource({ ...record, status: 'UPDATE_COMPLETE', reason: undefined })
  if (failed.size > 0)
    return run.setStatus(
      'UPDATE_ROLLBACK_FAILED',
      `The following resource(s) failed to update: [${[...failed].join(', ')}]. `,
    )
  run.setStatus('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS')
}

export const versionOf = (version: StackVersion): StackVersion => ({
  template: version.template,
  parameters: version.parameters,
  tags: version.tags,
  capabilities: version.capabilities,
  outputs: version.outputs,
  imports: version.imports,
  description: version.description,
})

/** Deletes what the failed update made. */
async function rollbackCleanupStep(run: StackRun): Promise<void> {
  const records = run.resources.values()
  const created = (record: StackResource): boolean => record.change === 'created'
  const doomed = records.flatMap((record): Doomed[] => {
    const kept = record.deletionPolicy === 'Retain' && !run.stack.retainExceptOnCreate
    const retain = kept || record.imported === true
    return created(record)
      ? [...wholly(record, retain), ...leftoversOf(record)]
      : leftoversOf(record).map((one) => ({ ...one, retain: false }))
  })
  await remove(run, doomed)
  if (run.ctx.cloud.signal.aborted) return
  for (const record of records) {
    if (created(record)) run.resources.delete(record.logicalId)
    else settle(run, record.logicalId)
  }
  const isImport = run.stack.status === 'IMPORT_ROLLBACK_IN_PROGRESS'
  run.setStatus(isImport ? 'IMPORT_ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_COMPLETE', undefined, {
    previous: undefined,
  })
}

/** Runs a stack's operation, in the background of the call that asked for it or after a restart. */
export async function runOperation(run: StackRun): Promise<void> {
  try {
    await runStack(run)
  } catch (error) {
    const { status } = run.stack
    run.ctx.cloud.bug(`cloudformation ${status}`, error)
    const failed = status.replace(/(_COMPLETE_CLEANUP)?_IN_PROGRESS$/, '_FAILED') as StackStatus
    run.setStatus(failed, `Internal Failure (${error instanceof Error ? error.message : String(error)})`)
  }
}
