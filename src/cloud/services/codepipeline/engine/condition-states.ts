/** The conditions of a stage as GetPipelineState shows them. */
import type { StageDeclaration } from '../../../../model/index.ts'
import { type ConditionType, conditionOf } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { actionRunsOf, type StageRun } from '../state.ts'

const MEMBERS = {
  beforeEntry: 'beforeEntryConditionState',
  onSuccess: 'onSuccessConditionState',
  onFailure: 'onFailureConditionState',
} as const satisfies Record<ConditionType, string>

/** Gives the states of the conditions that a stage has, by the members that they stand in. */
export const conditionStates = (
  ctx: Context,
  pipeline: string,
  stage: StageDeclaration,
  run: StageRun | undefined,
) =>
  Object.fromEntries(
    Object.entries(MEMBERS).flatMap(([type, member]) => {
      const state = conditionState(ctx, pipeline, stage, { type: type as ConditionType, run })
      return state ? [[member, state]] : []
    }),
  )

function conditionState(
  ctx: Context,
  pipeline: string,
  stage: StageDeclaration,
  { type, run }: { readonly type: ConditionType; readonly run: StageRun | undefined },
) {
  const condition = conditionOf(stage, type)
  if (!condition) return undefined
  const known = run?.conditions?.[type]
  const { status, summary } = known ?? {}
  return {
    latestExecution: known && { status, summary },
    conditionStates: [
      {
        latestExecution: known && { status, summary, lastStatusChange: new Date(known.changed) },
        ruleStates: (condition.rules ?? []).map(({ name }) => ruleState(ctx, pipeline, name, known?.rules)),
      },
    ],
  }
}

function ruleState(
  ctx: Context,
  pipeline: string,
  ruleName: string,
  rules: Readonly<Record<string, string>> = {},
) {
  const id = rules[ruleName]
  const run = id === undefined ? undefined : ctx.table(actionRunsOf(pipeline)).get(id)
  if (!run) return { ruleName }
  const { external, error } = run
  return {
    ruleName,
    latestExecution: {
      ruleExecutionId: run.id,
      status: run.status,
      summary: error?.message ?? external?.summary,
      lastStatusChange: new Date(run.updated),
      lastUpdatedBy: run.updatedBy,
      externalExecutionId: external?.id,
      externalExecutionUrl: external?.url,
      errorDetails: error,
    },
  }
}
