/** Recording an action's outcome. */
import type { Context } from '../../../kernel/context.ts'
import { ActionFailure, type Outcome } from '../providers/runner.ts'
import { type ActionRun, type Artifact, actionRunsOf, type Execution } from '../state.ts'
import { forgetAction } from './action-journal.ts'
import { publishAction } from './events.ts'
import { executionOf } from './execution-record.ts'
import { actionOf, changeExecution, changeRun } from './records.ts'
import { stopWaiting } from './waits.ts'

/** Bytes that the output variables of one action may have. */
const VARIABLES_LIMIT = 122_880

/** Ends an action or a rule that is in progress; one that was abandoned meanwhile stays so. The caller lets the pipeline go on. */
export function endAction(
  ctx: Context,
  pipeline: string,
  runId: string,
  outcome: Outcome | ActionFailure,
  updatedBy?: string,
): void {
  const run = ctx.table(actionRunsOf(pipeline)).get(runId)
  const execution = run && executionOf(ctx, pipeline, run.executionId)
  if (!run || !execution || run.status !== 'InProgress') return
  stopWaiting(ctx, runId)
  forgetAction(ctx, runId)
  const settled = checked(outcome)
  const external = settled.external ? { ...run.external, ...settled.external } : run.external
  const ended =
    settled instanceof ActionFailure
      ? changeRun(ctx, pipeline, runId, {
          status: 'Failed',
          error: { code: settled.code, message: settled.message },
          external,
          updatedBy,
        })
      : changeRun(ctx, pipeline, runId, {
          status: 'Succeeded',
          variables: settled.variables ?? {},
          external,
          updatedBy,
        })
  const changed = settled instanceof ActionFailure ? execution : keepResults(ctx, execution, ended, settled)
  publishAction(ctx, changed, ended, actionOf(changed, ended))
}

function checked(outcome: Outcome | ActionFailure): Outcome | ActionFailure {
  if (outcome instanceof ActionFailure) return outcome
  const size = Buffer.byteLength(JSON.stringify(outcome.variables ?? {}))
  return size > VARIABLES_LIMIT
    ? new ActionFailure(`The output variables have ${size} bytes; at most ${VARIABLES_LIMIT} are allowed`)
    : outcome
}

function keepResults(ctx: Context, execution: Execution, run: ActionRun, outcome: Outcome): Execution {
  const action = actionOf(execution, run)
  const region = action.region ?? ctx.region
  return changeExecution(ctx, execution.declaration.name, execution.id, ({ artifacts, outputs }) => ({
    artifacts: {
      ...artifacts,
      ...Object.fromEntries(
        run.outputs.map(({ name, ...place }): [string, Artifact] => [
          name,
          { name, action: run.action, region, places: { [region]: place }, revision: outcome.revision },
        ]),
      ),
    },
    outputs: action.namespace ? { ...outputs, [action.namespace]: outcome.variables ?? {} } : outputs,
  }))
}
