/** Where the executions of a pipeline are: in a stage, or in front of one. */
import type { StageDeclaration } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Execution } from '../state.ts'
import { publishPipeline } from './events.ts'
import { activeExecutions } from './history.ts'
import { changeExecution } from './records.ts'

/** Gives the stage that an execution is in, or waits for. */
export const stageOf = (execution: Execution): StageDeclaration =>
  execution.declaration.stages[execution.stage]!

export const modeOf = ({ declaration }: Execution) => declaration.executionMode ?? 'SUPERSEDED'

/** Gives the executions that wait in front of a stage, in order of arrival. */
export const waitingAt = (ctx: Context, { declaration }: Execution, stage: string): Execution[] =>
  activeExecutions(ctx, declaration.name).filter((one) => one.waiting && stageOf(one).name === stage)

/** AWS: in front of a stage the newest execution replaces those that wait there, in SUPERSEDED mode only. */
export function supersede(ctx: Context, arrived: Execution): void {
  if (modeOf(arrived) !== 'SUPERSEDED') return
  const waiting = waitingAt(ctx, arrived, stageOf(arrived).name)
  for (const older of waiting.slice(0, -1)) {
    const statusSummary = `Superseded by the execution ${waiting.at(-1)!.id}`
    const ended = changeExecution(ctx, older.declaration.name, older.id, {
      status: 'Superseded',
      statusSummary,
    })
    publishPipeline(ctx, ended, 'SUPERSEDED')
  }
}
