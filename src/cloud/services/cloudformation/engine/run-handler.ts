/** Runs a resource type's handler from its beginning, or, after a kill, through what it was answered before. */
import { madeName, typeFacts } from '../../../../template/index.ts'
import type { Ids } from '../../../kernel/clock.ts'
import { Journal, journals } from '../../../kernel/journal.ts'
import type { ResourceContext } from '../../../kernel/resource-type.ts'
import { watch } from '../../../kernel/watch.ts'
import type { OwnResourceContext } from '../resources/own-context.ts'
import type { Physical } from '../state.ts'
import type { StackRun } from './stack-run.ts'

/** One run of a handler. */
interface Task {
  readonly logicalId: string
  readonly type: string
  readonly verb: 'create' | 'import' | 'update' | 'revert' | 'delete'
  /** The resource that is to be changed or deleted. */
  readonly before?: Physical
  readonly updatePolicy?: ResourceContext['updatePolicy']
  /** Done once, before all else. */
  readonly begin: () => void
  /** Hears of what is made. */
  readonly made?: ResourceContext['made']
}

/** Calls are kept in a journal until the handler has ended; its outcome must be recorded in the same turn. */
export async function runHandler<T>(
  run: StackRun,
  task: Task,
  handler: (rc: OwnResourceContext) => Promise<T>,
): Promise<T> {
  const { ctx, stackId, token } = run
  const { logicalId, verb, before, begin } = task
  const work = `${stackId} ${token} ${logicalId} ${verb} ${before?.id ?? ''}`
  // What fails because the cloud stops goes on when it starts again.
  const lasting = () => !ctx.cloud.signal.aborted
  const journal = new Journal(ctx.table(journals), work, lasting)
  journal.once('begin', begin)
  try {
    const outcome = await handler(resourceContext(run, task, journal))
    journal.end()
    return outcome
  } catch (error) {
    if (lasting()) journal.end()
    throw error
  }
}

function resourceContext(
  run: StackRun,
  { logicalId, type, before, updatePolicy, made = () => undefined }: Task,
  journal: Journal,
): OwnResourceContext {
  const { ctx, stack, token } = run
  const { name: stackName, id: stackId } = stack
  const systemTags = {
    'aws:cloudformation:stack-name': stackName,
    'aws:cloudformation:stack-id': stackId,
    'aws:cloudformation:logical-id': logicalId,
  }
  const seed = `${stackId}\0${logicalId}\0${token}`
  return {
    run,
    account: ctx.account,
    region: ctx.region,
    stackName,
    stackId,
    logicalId,
    clock: ctx.cloud.clock,
    ids: recalled(ctx.cloud.ids, journal),
    stackTags: { ...stack.tags, ...systemTags },
    previousStackTags: before ? { ...before.stackTags, ...systemTags } : {},
    updatePolicy,
    made,
    step: (name, work) => journal.step(`step ${name}`, work),
    call: (service, operation, input) => run.call(service, operation, input, journal),
    watch: (kind, concerns, look, done) =>
      watch(
        ctx.cloud,
        kind,
        concerns,
        () => look((service, operation, input) => run.call(service, operation, input)),
        done,
      ),
    generateName: () => madeName(typeFacts(type).name ?? {}, stackName, logicalId, seed),
  }
}

/** Ids that come again when a journal is gone through again. */
const recalled = (ids: Ids, journal: Journal): Ids => ({
  uuid: () => journal.once('uuid', () => ids.uuid()),
  upper: (length) => journal.once('upper', () => ids.upper(length)),
  lower: (length) => journal.once('lower', () => ids.lower(length)),
  mixed: (length) => journal.once('mixed', () => ids.mixed(length)),
})
