/** Looking at the conditions of the stage that an execution is in. */
import type { Condition } from '../../../../model/index.ts'
import { type ConditionType, conditionOf } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { ActionRun, ConditionRun, ConditionStatus, Execution } from '../state.ts'
import { abandonRun } from './abandon-run.ts'
import { ruleRuns, stageRunOf } from './current-runs.ts'
import { stageOf } from './places.ts'
import { recordRules } from './record-action.ts'
import { changeExecution } from './records.ts'

/** How a condition stands: `begun` just now, its rules still `open`, or decided. */
export type Standing = 'none' | 'begun' | 'open' | 'met' | 'unmet'

/**
 * Looks at a condition of the stage, from its beginning on where nobody has. AWS: all rules must succeed, and one that
 * fails decides; they are run together, so that an alarm "might succeed before the deployment window opens"
 * (rule-reference-CloudWatchAlarm). Whether a rollback looks at conditions no page says: here it does not, since it is
 * the result that they have.
 */
export function lookAt(
  ctx: Context,
  execution: Execution,
  type: ConditionType,
  run: (rule: ActionRun) => void,
): Standing {
  const stage = stageOf(execution)
  const condition = conditionOf(stage, type)
  if (!condition || execution.type === 'ROLLBACK') return 'none'
  const known = stageRunOf(execution)?.conditions?.[type]
  if (!known) {
    const { rules = [] } = condition
    for (const rule of recordRules(ctx, execution, { stage: stage.name, type, rules })) run(rule)
    return 'begun'
  }
  if (known.status === 'InProgress') return decide(ctx, execution, type)
  return known.status === 'Failed' ? 'unmet' : 'met'
}

function decide(ctx: Context, execution: Execution, type: ConditionType): Standing {
  const runs = [...ruleRuns(ctx, execution, type).values()]
  const failed = runs.find(({ status }) => status === 'Failed')
  if (failed) {
    abandonRules(ctx, execution, type)
    endCondition(ctx, execution, type, 'Failed', `Rule ${failed.action} failed: ${failed.error?.message}`)
    return 'unmet'
  }
  if (runs.some(({ status }) => status !== 'Succeeded')) return 'open'
  endCondition(ctx, execution, type, 'Succeeded')
  return 'met'
}

/** Gives the result of a condition. AWS: one that has none on failure has the result of the stage. */
export function resultOf(execution: Execution, type: ConditionType): Condition['result'] {
  const stage = stageOf(execution)
  return conditionOf(stage, type)?.result ?? (type === 'onFailure' ? stage.onFailure?.result : undefined)
}

/** Records how a condition ended; gives the execution as it is then. */
export function endCondition(
  ctx: Context,
  execution: Execution,
  type: ConditionType,
  status: ConditionStatus,
  summary?: string,
): Execution {
  const stage = stageOf(execution).name
  return changeExecution(ctx, execution.declaration.name, execution.id, ({ stages }) => {
    const run = stages[stage]!
    const before = run.conditions?.[type]
    const ended: ConditionRun = {
      status,
      changed: ctx.cloud.clock.now(),
      summary,
      rules: before?.rules ?? {},
    }
    return { stages: { ...stages, [stage]: { ...run, conditions: { ...run.conditions, [type]: ended } } } }
  })
}

/** Ends the conditions that are looked at without a decision, when the execution does not go on. */
export function leaveConditions(ctx: Context, execution: Execution, status: 'Abandoned' | 'Cancelled'): void {
  for (const [type, { status: now }] of Object.entries(stageRunOf(execution)?.conditions ?? {}))
    if (now === 'InProgress') {
      abandonRules(ctx, execution, type as ConditionType)
      endCondition(ctx, execution, type as ConditionType, status)
    }
}

/** Stops waiting for rules. AWS: what works for them goes on. */
export function abandonRules(ctx: Context, execution: Execution, type: ConditionType): void {
  for (const run of ruleRuns(ctx, execution, type).values())
    if (run.status === 'InProgress') abandonRun(ctx, execution, run)
}
