/** AWS::CodePipeline::Pipeline. */

import { AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'

import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'
import type { Tags } from '../../../kernel/tags.ts'

type Declaration = Input<'codepipeline', 'CreatePipeline'>['pipeline']

/** Ref gives the name, GetAtt Version the version. AWS: creating a pipeline also starts it. */
export const pipeline = resourceType({
  type: 'AWS::CodePipeline::Pipeline',
  create: async (properties, rc) => {
    const name = properties.Name ?? rc.generateName()
    const { pipeline: made } = await rc.call('codepipeline', 'CreatePipeline', {
      pipeline: declaration(name, properties),
      tags: tagInput(resourceTags(properties, rc)),
    })
    rc.made(name)
    await applyTransitions(name, properties, {}, rc)
    await readBack(name, rc)
    return { physicalId: name, attributes: { Version: String(made?.version ?? 1) } }
  },
  update: async (name, properties, previous, rc) => {
    await readBack(name, rc)
    const { pipeline: made } = await rc.call('codepipeline', 'UpdatePipeline', {
      pipeline: declaration(name, properties),
    })
    await updateTags(name, properties, previous, rc)
    await applyTransitions(name, properties, previous, rc)
    if (properties.RestartExecutionOnUpdate === true || properties.RestartExecutionOnUpdate === 'true')
      await rc.call('codepipeline', 'StartPipelineExecution', { name })
    return { physicalId: name, attributes: { Version: String(made?.version ?? '') } }
  },
  delete: async (name, _properties, rc) => {
    try {
      await rc.call('codepipeline', 'GetPipeline', { name })
    } catch (error) {
      if (error instanceof AwsError && error.code === 'PipelineNotFoundException') return
      throw error
    }
    await rc.call('codepipeline', 'DeletePipeline', { name })
  },
})

/** Tags as CodePipeline lists them. */
const tagInput = (tags: Tags) => Object.entries(tags).map(([key, value]) => ({ key, value }))

/** AWS: what is made is read back, and an update starts from what is there. */
async function readBack(name: string, rc: ResourceContext): Promise<void> {
  await rc.call('codepipeline', 'GetPipeline', { name })
  await rc.call('codepipeline', 'GetPipelineState', { name })
}

async function updateTags(name: string, properties: Properties, previous: Properties, rc: ResourceContext) {
  const resourceArn = `arn:aws:codepipeline:${rc.region}:${rc.account}:${name}`
  const { gone, changed } = tagChange(properties, previous, rc)
  if (gone.length) await rc.call('codepipeline', 'UntagResource', { resourceArn, tagKeys: gone })
  if (hasTags(changed)) await rc.call('codepipeline', 'TagResource', { resourceArn, tags: tagInput(changed) })
}

interface DisabledTransition {
  readonly StageName: string
  readonly Reason: string
}

async function applyTransitions(
  name: string,
  properties: Properties,
  previous: Properties,
  rc: ResourceContext,
) {
  const now: DisabledTransition[] = properties.DisableInboundStageTransitions ?? []
  const before: DisabledTransition[] = previous.DisableInboundStageTransitions ?? []
  for (const { StageName: stageName } of before)
    if (!now.some((one) => one.StageName === stageName))
      await rc.call('codepipeline', 'EnableStageTransition', {
        pipelineName: name,
        stageName,
        transitionType: 'Inbound',
      })
  for (const { StageName: stageName, Reason: reason } of now)
    await rc.call('codepipeline', 'DisableStageTransition', {
      pipelineName: name,
      stageName,
      transitionType: 'Inbound',
      reason,
    })
}

/** Turns the resource's properties into what the API takes: names in camel case, stores by region. */
function declaration(name: string, properties: Properties): Declaration {
  const { ArtifactStores: stores, ArtifactStore: store } = properties
  return {
    name,
    roleArn: properties.RoleArn,
    artifactStore: store && camel(store),
    artifactStores:
      stores && Object.fromEntries(stores.map((one: Properties) => [one.Region, camel(one.ArtifactStore)])),
    stages: properties.Stages.map(stageOf),
    executionMode: properties.ExecutionMode,
    pipelineType: properties.PipelineType,
    variables: properties.Variables && camel(properties.Variables),
    triggers: properties.Triggers && camel(properties.Triggers),
  } as Declaration
}

function stageOf({ Actions, ...stage }: Properties): unknown {
  return { ...(camel(stage) as object), actions: Actions.map(actionOf) }
}

/** AWS: the API knows the commands of an action as a list of texts, and numbers as numbers. */
function actionOf({ Configuration, RunOrder, TimeoutInMinutes, ...action }: Properties): unknown {
  return {
    ...(camel(action) as object),
    ...(Configuration && { configuration: configurationOf(Configuration) }),
    ...(RunOrder !== undefined && { runOrder: Number(RunOrder) }),
    ...(TimeoutInMinutes !== undefined && { timeoutInMinutes: Number(TimeoutInMinutes) }),
  }
}

/** AWS: a value that is no text becomes one; lists and objects have to be given as JSON text. */
function configurationOf(configuration: Properties): Record<string, string> {
  return Object.fromEntries(
    Object.entries(configuration).map(([key, value]) => {
      if (value !== null && typeof value === 'object')
        throw new AwsError('ValidationException', `Value of the configuration ${key} must be a string`)
      return [key, String(value)]
    }),
  )
}

function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel)
  if (!value || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.slice(0, 1).toLowerCase() + key.slice(1), camel(inner)]),
  )
}
