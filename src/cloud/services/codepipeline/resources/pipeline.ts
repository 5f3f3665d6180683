/** AWS::CodePipeline::Pipeline. */

import { AwsError } from '../../../../model/index.ts'
import { declaredInTemplate } from '../../../../pipeline/index.ts'
import type { Input } from '../../../kernel/api.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'
import type { Tags } from '../../../kernel/tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'

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
  read: async (name, rc) => {
    const found = await unlessAbsent(
      rc.call('codepipeline', 'GetPipeline', { name }),
      'PipelineNotFoundException',
    )
    return found && { physicalId: name, attributes: { Version: String(found.pipeline?.version ?? 1) } }
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

function declaration(name: string, properties: Properties): Declaration {
  const { declaration: declared, violations } = declaredInTemplate(properties, name)
  const [first] = violations
  if (first) throw new AwsError(first.code, first.message)
  return declared as Declaration
}
