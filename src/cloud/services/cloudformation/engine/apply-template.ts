/** Brings a whole stack to what its template says: resources in parallel as far as they may be, then the outputs. */

import { entryOf } from '../../../../model/index.ts'
import { type Evaluated, evaluateTemplate, outputsOf } from '../../../../template/index.ts'
import { applyResource } from './apply-resource.ts'
import { exportConflict } from './exports.ts'
import { loadHandlers } from './resource-handler.ts'
import { runGraph } from './run-graph.ts'
import type { StackRun } from './stack-run.ts'

/** `interrupted`: the cloud is stopping, and the run goes on after its next start. */
export type Failure =
  | {
      readonly reason: string
      /** What is wrong with the template itself. */
      readonly ofTemplate?: true
    }
  | 'interrupted'
  | undefined

/** Brings every resource to what the template says, then the outputs. Gives the reason of a failure. */
export async function applyTemplate(run: StackRun): Promise<Failure> {
  let evaluated: Evaluated
  try {
    evaluated = evaluateTemplate(run.stack, run.identity, run.lookups)
    for (const name of evaluated.imports) run.lookups.imported(name)
  } catch (error) {
    return { reason: run.reasonOf(error, 'template'), ofTemplate: true }
  }
  run.put({ imports: evaluated.imports.map(String) })
  const failure = await applyResources(run, evaluated)
  if (failure) return failure
  try {
    const outputs = outputsOf(evaluated)
    const conflict = exportConflict(run.ctx, run.stack, outputs)
    if (conflict) return { reason: conflict }
    run.put({ outputs })
    return undefined
  } catch (error) {
    return { reason: run.reasonOf(error, 'outputs') }
  }
}

async function applyResources(run: StackRun, evaluated: Evaluated): Promise<Failure> {
  const { clock, signal } = run.ctx.cloud
  const { timeoutInMinutes: timeout, status } = run.stack
  const deadline =
    timeout && status === 'CREATE_IN_PROGRESS'
      ? run.stack.createdAt + timeout * 60_000
      : Number.POSITIVE_INFINITY
  let failed = false
  const stopped = () =>
    failed || signal.aborted || clock.now() > deadline || run.stack.operation?.cancelled === true
  const { active, template } = evaluated
  const types = active.map((id) => entryOf(template.Resources, id)!.Type)
  await loadHandlers(run.ctx, run.stackId, types)
  const outcome = await runGraph(
    active,
    (id) => evaluated.dependsOn.get(id) ?? [],
    async (id) => {
      const succeeded = await applyResource(
        run,
        id,
        evaluated,
        () => failed || run.stack.operation?.cancelled === true,
      )
      if (!succeeded) failed = true
      return succeeded
    },
    stopped,
  )
  if (outcome.failed.size + outcome.skipped.size === 0) return undefined
  if (signal.aborted) return 'interrupted'
  if (outcome.failed.size > 0) return { reason: failedToApply(run, [...outcome.failed]) }
  return {
    reason: run.stack.operation?.cancelled
      ? 'User Initiated'
      : 'Stack creation time exceeded the specified timeout.',
  }
}

/** `The following resource(s) failed to create: [A, B]. ` */
function failedToApply(run: StackRun, ids: readonly string[]): string {
  const failed = (verb: string) => ids.filter((id) => run.resources.get(id)?.status === `${verb}_FAILED`)
  return ['create', 'update']
    .map((verb) => [verb, failed(verb.toUpperCase())] as const)
    .filter(([, names]) => names.length > 0)
    .map(([verb, names]) => `The following resource(s) failed to ${verb}: [${names.join(', ')}]. `)
    .join('')
}
