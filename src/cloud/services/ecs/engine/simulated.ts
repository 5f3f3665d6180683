/** How a simulated container behaves, where its environment says so: nothing runs that could crash by itself. */
import type { Context } from '../../../kernel/context.ts'
import { definitionKind } from '../kinds.ts'
import type { Task } from '../state.ts'

/** An exit code: it ends at once; `1 after 30`: it ends after so many seconds. */
const EXIT = 'CROSSDOCK_SIMULATED_EXIT'
/** The HTTP status that it answers with. */
const STATUS = 'CROSSDOCK_SIMULATED_STATUS'

/** Gives a variable of a container: of the task's overrides before its definition. */
function variable(ctx: Context, task: Task, container: string, name: string): string | undefined {
  const { definition } = definitionKind.find(ctx, task.taskDefinition)
  const overridden = task.overrides?.containerOverrides?.find((one) => one.name === container)
  const defined = definition.containerDefinitions?.find((one) => one.name === container)
  return [...(overridden?.environment ?? []), ...(defined?.environment ?? [])].find(
    (one) => one.name === name,
  )?.value
}

export const simulatedStatus = (ctx: Context, task: Task, container: string): number =>
  Number(/^[1-5]\d\d$/.exec(variable(ctx, task, container, STATUS) ?? '')?.[0] ?? 200)

export interface SimulatedExit {
  readonly container: string
  readonly code: number
  /** Milliseconds after its start. */
  readonly after: number
}

/** Gives the first exit of an essential container that is to come; undefined where all run on. */
export function simulatedExit(ctx: Context, task: Task): SimulatedExit | undefined {
  const { definition } = definitionKind.find(ctx, task.taskDefinition)
  const exits = (definition.containerDefinitions ?? [])
    .filter(({ essential }) => essential !== false)
    .flatMap(({ name = '' }) => {
      const match = /^(\d{1,3})(?: after (\d+))?$/.exec(variable(ctx, task, name, EXIT) ?? '')
      return match ? [{ container: name, code: Number(match[1]), after: Number(match[2] ?? 0) * 1_000 }] : []
    })
  return exits.sort((one, other) => one.after - other.after)[0]
}
