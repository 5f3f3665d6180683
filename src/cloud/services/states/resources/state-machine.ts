/** AWS::StepFunctions::StateMachine. */
import { AwsError, entryOf, readJson } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'
import type { Tags } from '../../../kernel/tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'

const tagInput = (tags: Tags) => Object.entries(tags).map(([key, value]) => ({ key, value }))

const invalid = (message: string): AwsError => new AwsError('InvalidRequest', message)

/** AWS: a definition is told as text, as an object or as an object in S3; `${Name}` in it stands for its substitutions. */
async function definitionIn(properties: Properties, rc: ResourceContext): Promise<string> {
  const { DefinitionString, Definition, DefinitionS3Location, DefinitionSubstitutions = {} } = properties
  const given = [DefinitionString, Definition, DefinitionS3Location].filter((one) => one !== undefined)
  if (given.length !== 1)
    throw invalid(
      'Property validation failure: one of Definition, DefinitionString and DefinitionS3Location is required',
    )
  const text =
    DefinitionS3Location === undefined
      ? (DefinitionString ?? JSON.stringify(Definition))
      : await fetched(DefinitionS3Location, rc)
  return text.replace(/\$\{([\w]+)\}/g, (found: string, name: string) => {
    const value = entryOf(DefinitionSubstitutions as Record<string, unknown>, name)
    return value === undefined ? found : String(value)
  })
}

async function fetched({ Bucket, Key, Version }: Properties, rc: ResourceContext): Promise<string> {
  // The text is kept, so that a run after a kill does not ask for it again.
  return rc.step('definition', async () => {
    const { Body } = await rc.call('s3', 'GetObject', { Bucket, Key, VersionId: Version })
    const chunks: Uint8Array[] = []
    for await (const chunk of Body as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    return isJson(text) ? text : refuseYaml(Key)
  })
}

function isJson(text: string): boolean {
  try {
    readJson(text)
    return true
  } catch {
    return false
  }
}

function refuseYaml(key: string): never {
  throw new AwsError(
    'UnsupportedParameter',
    `The embedded cloud reads definitions in JSON alone; the object ${key} is none.`,
    { status: 501 },
  )
}

async function outcome(arn: string, rc: ResourceContext) {
  const { name, revisionId } = await rc.call('states', 'DescribeStateMachine', { stateMachineArn: arn })
  return {
    physicalId: arn,
    attributes: { Arn: arn, Name: name, StateMachineRevisionId: revisionId ?? 'INITIAL' },
  }
}

const settings = ({ TracingConfiguration: tracing }: Properties) => ({
  tracingConfiguration: tracing && { enabled: tracing.Enabled === true || tracing.Enabled === 'true' },
})

export const stateMachine = resourceType({
  type: 'AWS::StepFunctions::StateMachine',
  create: async (properties, rc) => {
    const { stateMachineArn: arn = '' } = await rc.call('states', 'CreateStateMachine', {
      name: properties.StateMachineName ?? rc.generateName(),
      definition: await definitionIn(properties, rc),
      roleArn: properties.RoleArn,
      type: properties.StateMachineType,
      tags: tagInput(resourceTags(properties, rc)),
      ...settings(properties),
    })
    rc.made(arn)
    return outcome(arn, rc)
  },
  update: async (arn, properties, previous, rc) => {
    await rc.call('states', 'UpdateStateMachine', {
      stateMachineArn: arn,
      definition: await definitionIn(properties, rc),
      roleArn: properties.RoleArn,
      ...settings(properties),
    })
    await rc.call('states', 'ListTagsForResource', { resourceArn: arn })
    const { gone, changed } = tagChange(properties, previous, rc)
    if (gone.length) await rc.call('states', 'UntagResource', { resourceArn: arn, tagKeys: gone })
    if (hasTags(changed))
      await rc.call('states', 'TagResource', { resourceArn: arn, tags: tagInput(changed) })
    return outcome(arn, rc)
  },
  delete: async (arn, _properties, rc) => {
    const found = await unlessAbsent(
      rc.call('states', 'DescribeStateMachine', { stateMachineArn: arn }),
      'StateMachineDoesNotExist',
    )
    if (found) await rc.call('states', 'DeleteStateMachine', { stateMachineArn: arn })
  },
})
