/** CreatePipeline, UpdatePipeline, GetPipeline, ListPipelines and DeletePipeline. */
import { AwsError, type PipelineDeclaration } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { cancelTimer } from '../../../kernel/timers.ts'
import { forgetAction } from '../engine/action-journal.ts'
import { advance } from '../engine/advance.ts'
import { beginExecution } from '../engine/begin-execution.ts'
import { checkDefinition, passPipelineRole } from '../engine/definition.ts'
import { findPipeline, invalidNextToken, on } from '../engine/find.ts'
import { activeExecutions, removeHistory } from '../engine/history.ts'
import { changeExecution, ownContext } from '../engine/records.ts'
import { masked, unmasked } from '../engine/secrets.ts'
import { pipelineArn, pipelineKind } from '../kinds.ts'
import { pipelines, type StoredPipeline } from '../state.ts'
import { pipelineTags } from './tags.ts'

/** AWS fills in what a declaration leaves out. */
function completed(pipeline: PipelineDeclaration, version: number): PipelineDeclaration {
  return {
    ...pipeline,
    version,
    executionMode: pipeline.executionMode ?? 'SUPERSEDED',
    pipelineType: pipeline.pipelineType ?? 'V1',
    stages: pipeline.stages.map((stage) => ({
      ...stage,
      actions: stage.actions.map((action) => ({
        ...action,
        runOrder: action.runOrder ?? 1,
        configuration: action.configuration ?? {},
        inputArtifacts: action.inputArtifacts ?? [],
        outputArtifacts: action.outputArtifacts ?? [],
      })),
    })),
  }
}

export const CreatePipeline = operation({
  service: 'codepipeline',
  name: 'CreatePipeline',
  access: (input, ctx) => [
    ...pipelineKind.onNew(ctx, 'CreatePipeline', [input.pipeline.name], input.tags),
    passPipelineRole(input.pipeline),
  ],
  run: async (input, ctx) => {
    const declaration = completed(input.pipeline as PipelineDeclaration, 1)
    const tags = pipelineKind.newTags(pipelineTags.read(input.tags))
    refuseTakenName(ctx, declaration.name)
    await checkDefinition(ctx, declaration)
    refuseTakenName(ctx, declaration.name)
    const now = ctx.cloud.clock.now()
    const pipeline: StoredPipeline = {
      name: declaration.name,
      arn: pipelineArn(ctx, declaration.name),
      declaration,
      versions: [declaration],
      created: now,
      updated: now,
      tags,
      transitions: {},
    }
    ctx.table(pipelines).put(pipeline.name, pipeline)
    beginExecution(ctx, pipeline, { trigger: { type: 'CreatePipeline', detail: ctx.identity.arn } })
    return { pipeline: masked(ctx, declaration) as never, tags: pipelineTags.write(tags) }
  },
})

function refuseTakenName(ctx: Context, name: string): void {
  if (ctx.table(pipelines).has(name))
    throw new AwsError(
      'PipelineNameInUseException',
      `A pipeline with the name '${name}' already exists in account '${ctx.account}'`,
    )
}

export const UpdatePipeline = operation({
  service: 'codepipeline',
  name: 'UpdatePipeline',
  access: (input, ctx) => [
    ...on(ctx, 'UpdatePipeline', input.pipeline.name),
    passPipelineRole(input.pipeline),
  ],
  run: async (input, ctx) => {
    const { name } = input.pipeline
    const before = ctx.table(pipelines).get(name)
    if (!before)
      throw new AwsError(
        'ResourceNotFoundException',
        `The account with id '${ctx.account}' does not include a pipeline with the name '${name}'`,
      )
    const given = unmasked(input.pipeline as PipelineDeclaration, before.declaration)
    await checkDefinition(ctx, completed(given, 1))
    const now = findPipeline(ctx, name)
    const declaration = completed(given, now.versions.length + 1)
    ctx.table(pipelines).put(name, {
      ...now,
      declaration,
      versions: [...now.versions, declaration],
      updated: ctx.cloud.clock.now(),
    })
    cancelRunning(ctx, name)
    return { pipeline: masked(ctx, declaration) as never }
  },
})

/** AWS: what runs under the old definition ends after its actions in progress; PARALLEL executions go on. */
function cancelRunning(caller: Context, name: string): void {
  const ctx = ownContext(caller, name)
  for (const { id, declaration } of activeExecutions(ctx, name))
    if (declaration.executionMode !== 'PARALLEL')
      changeExecution(ctx, name, id, {
        cancelled: true,
        statusSummary: 'The pipeline was changed while the execution was in progress',
      })
  advance(ctx, name)
}

export const GetPipeline = operation({
  service: 'codepipeline',
  name: 'GetPipeline',
  access: (input, ctx) => on(ctx, 'GetPipeline', input.name),
  run: (input, ctx) => {
    const { arn, declaration, versions, created, updated } = findPipeline(ctx, input.name)
    const found = input.version === undefined ? declaration : versions[input.version - 1]
    if (!found)
      throw new AwsError(
        'PipelineVersionNotFoundException',
        `The pipeline '${input.name}' does not have a version '${input.version}'`,
      )
    return {
      pipeline: masked(ctx, found) as never,
      metadata: { pipelineArn: arn, created: new Date(created), updated: new Date(updated) },
    }
  },
})

export const ListPipelines = operation({
  service: 'codepipeline',
  name: 'ListPipelines',
  access: (_input, ctx) => on(ctx, 'ListPipelines', '*'),
  run: (input, ctx) => {
    const all = ctx
      .table(pipelines)
      .values()
      .sort((a, b) => (a.name < b.name ? -1 : 1))
    const limit = input.maxResults ?? 1000
    const page = paginate(all, { token: input.nextToken, limit, query: '', error: invalidNextToken })
    return {
      pipelines: page.items.map(({ name, declaration, created, updated }) => ({
        name,
        version: declaration.version,
        pipelineType: declaration.pipelineType,
        executionMode: declaration.executionMode,
        created: new Date(created),
        updated: new Date(updated),
      })),
      nextToken: page.nextToken,
    }
  },
})

/** AWS: deleting a pipeline that is not there succeeds. */
export const DeletePipeline = operation({
  service: 'codepipeline',
  name: 'DeletePipeline',
  access: (input, ctx) => on(ctx, 'DeletePipeline', input.name),
  run: ({ name }, ctx) => {
    ctx.table(pipelines).delete(name)
    for (const id of removeHistory(ctx, name)) {
      cancelTimer(ctx.cloud, id)
      forgetAction(ctx, id)
    }
    return {}
  },
})
