/** The record an action starts with: resolved configuration, and where its artifacts are and will be. */

import { type ActionDeclaration, entryOf, type RuleDeclaration } from '../../../../model/index.ts'
import { actionOfRule, artifactPrefix, type ConditionType, workerOf } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { ActionRun, ArtifactAt, ConditionRun, Execution } from '../state.ts'
import { storeOf } from './artifact-objects.ts'
import { publishAction } from './events.ts'
import { putRun } from './history.ts'
import { changeExecution } from './records.ts'
import { resolveIn } from './resolve.ts'

/** Characters of the random part of an artifact's key. */
const RANDOM = 7

/** Records an action as in progress. `ctx` acts as CodePipeline. */
export function recordAction(
  ctx: Context,
  execution: Execution,
  stage: string,
  action: ActionDeclaration,
): ActionRun {
  const pipeline = execution.declaration.name
  const run = recordWork(ctx, execution, { stage, action })
  changeExecution(ctx, pipeline, execution.id, ({ stages }) => {
    const before = entryOf(stages, stage)!
    return {
      stages: { ...stages, [stage]: { ...before, actions: { ...before.actions, [action.name]: run.id } } },
    }
  })
  publishAction(ctx, execution, run, action)
  return run
}

/** Records the rules of a condition as in progress, and the condition with them. AWS: no events tell of rules. */
export function recordRules(
  ctx: Context,
  execution: Execution,
  { stage, type, rules }: { stage: string; type: ConditionType; rules: readonly RuleDeclaration[] },
): ActionRun[] {
  const runs = rules.map((rule) =>
    recordWork(ctx, execution, { stage, action: actionOfRule(rule), condition: type }),
  )
  const condition: ConditionRun = {
    status: 'InProgress',
    changed: ctx.cloud.clock.now(),
    rules: Object.fromEntries(runs.map(({ action, id }) => [action, id])),
  }
  changeExecution(ctx, execution.declaration.name, execution.id, ({ stages }) => {
    const before = entryOf(stages, stage)!
    const conditions = { ...before.conditions, [type]: condition }
    return { stages: { ...stages, [stage]: { ...before, conditions } } }
  })
  return runs
}

function recordWork(
  ctx: Context,
  execution: Execution,
  { stage, action, condition }: { stage: string; action: ActionDeclaration; condition?: ConditionType },
): ActionRun {
  const now = ctx.cloud.clock.now()
  const run: ActionRun = {
    id: ctx.cloud.ids.uuid(),
    executionId: execution.id,
    stage,
    action: action.name,
    condition,
    status: 'InProgress',
    started: now,
    updated: now,
    resolved: resolvedConfiguration(execution, action),
    inputs: inputPlaces(ctx, execution, action),
    outputs: outputPlaces(ctx, execution, action),
    variables: {},
  }
  putRun(ctx, execution.declaration.name, run)
  return run
}

function resolvedConfiguration(execution: Execution, action: ActionDeclaration): Record<string, string> {
  const entries = Object.entries(action.configuration ?? {})
  return Object.fromEntries(entries.map(([key, value]) => [key, resolveIn(execution, value)]))
}

/** Without those that nobody has made: their stage was skipped, or has failed. */
function inputPlaces(ctx: Context, execution: Execution, action: ActionDeclaration): ArtifactAt[] {
  const region = action.region ?? ctx.region
  return (action.inputArtifacts ?? []).flatMap(({ name }) => {
    const artifact = entryOf(execution.artifacts, name)
    if (!artifact) return []
    return [{ name, ...(entryOf(artifact.places, region) ?? entryOf(artifact.places, artifact.region)!) }]
  })
}

/** AWS: `<pipeline>/<artifact>/<random>`, and `.zip` unless a build writes it. */
function outputPlaces(ctx: Context, { declaration }: Execution, action: ActionDeclaration): ArtifactAt[] {
  const region = action.region ?? ctx.region
  const ending = workerOf(action.actionTypeId) === 'build' ? '' : '.zip'
  return (action.outputArtifacts ?? []).map(({ name }) => ({
    name,
    bucket: storeOf(declaration, region, ctx.region).location,
    key: `${artifactPrefix(declaration.name, name)}/${ctx.cloud.ids.mixed(RANDOM)}${ending}`,
  }))
}
