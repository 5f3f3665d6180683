/** What a CloudFormation action hands to CloudFormation: template, parameters, tags, capabilities, role. */
import { entryOf, readJson, TEMPLATE_BYTES } from '../../../../model/index.ts'
import {
  parameterText,
  readTemplateConfiguration,
  type TemplateConfiguration,
} from '../../../../pipeline/index.ts'
import { ActionFailure, type ActionJob } from '../providers/runner.ts'
import { Artifacts } from './artifact-files.ts'
import { withTemplateUrl } from './large-templates.ts'

export interface StackInput {
  readonly TemplateBody?: string
  readonly TemplateURL?: string
  readonly StackPolicyBody?: string
  readonly Parameters: { ParameterKey: string; ParameterValue: string }[]
  readonly Tags?: { Key: string; Value: string }[]
  readonly Capabilities?: never[]
  readonly RoleARN?: string
}

/**
 * Reads template and parameters out of the input artifacts and works with them.
 * Errors: ActionFailure naming what is missing or wrong. AWS: a large template is handed over by a presigned URL.
 */
export async function withStackInput<T>(job: ActionJob, work: (input: StackInput) => Promise<T>): Promise<T> {
  const artifacts = new Artifacts(job)
  const template = (await artifacts.file(job.configuration.TemplatePath ?? '')).toString()
  const input = await stackInput(job, artifacts)
  if (Buffer.byteLength(template) <= TEMPLATE_BYTES.inRequest)
    return work({ TemplateBody: template, ...input })
  return withTemplateUrl(job.ctx.cloud, template, (TemplateURL) => work({ TemplateURL, ...input }))
}

async function stackInput(job: ActionJob, artifacts: Artifacts): Promise<StackInput> {
  const { TemplateConfiguration, Capabilities, RoleArn } = job.configuration
  const configuration = TemplateConfiguration ? await readConfiguration(artifacts, TemplateConfiguration) : {}
  const parameters = { ...configuration.Parameters, ...(await overrides(job, artifacts)) }
  const tags = Object.entries(configuration.Tags ?? {})
  return {
    Parameters: Object.entries(parameters).map(([ParameterKey, value]) => ({
      ParameterKey,
      ParameterValue: parameterText(value),
    })),
    Tags: tags.length ? tags.map(([Key, Value]) => ({ Key, Value: String(Value) })) : undefined,
    Capabilities: (Capabilities ? Capabilities.split(',') : undefined) as never[] | undefined,
    RoleARN: RoleArn || undefined,
    StackPolicyBody: configuration.StackPolicy ? JSON.stringify(configuration.StackPolicy) : undefined,
  }
}

async function readConfiguration(artifacts: Artifacts, path: string): Promise<TemplateConfiguration> {
  const text = (await artifacts.file(path)).toString()
  try {
    return readTemplateConfiguration(text)
  } catch {
    throw new ActionFailure(`The template configuration ${path} is not a JSON object`, {
      code: 'ConfigurationError',
    })
  }
}

function parseObject(text: string, what: string): Record<string, unknown> {
  try {
    const value: unknown = readJson(text)
    if (value && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // Told below, like JSON that is no object.
  }
  throw new ActionFailure(`${what} is not a JSON object`, { code: 'ConfigurationError' })
}

/** AWS: Fn::GetArtifactAtt gives where an input artifact is, Fn::GetParam a value from a JSON file in it. */
async function overrides(job: ActionJob, artifacts: Artifacts): Promise<Record<string, unknown>> {
  const given = parseObject(job.configuration.ParameterOverrides || '{}', 'ParameterOverrides')
  const entries = Object.entries(given).map(
    async ([key, value]) => [key, await overridden(key, value)] as const,
  )
  return Object.fromEntries(await Promise.all(entries))

  async function overridden(key: string, value: unknown): Promise<unknown> {
    if (!value || typeof value !== 'object' || Array.isArray(value)) return value
    const [[name, argument] = []] = Object.entries(value)
    const [artifact, second, third] = Array.isArray(argument) ? argument.map(String) : []
    if (name === 'Fn::GetArtifactAtt' && artifact && second) return artifacts.attribute(artifact, second)
    if (name === 'Fn::GetParam' && artifact && second && third)
      return parameterFrom(`${artifact}::${second}`, third)
    throw new ActionFailure(
      `ParameterOverrides has a value for ${key} that is neither text nor a known function`,
      {
        code: 'ConfigurationError',
      },
    )
  }

  async function parameterFrom(path: string, key: string): Promise<unknown> {
    const content = parseObject((await artifacts.file(path)).toString(), `The file ${path}`)
    if (Object.hasOwn(content, key)) return entryOf(content, key)
    throw new ActionFailure(`The file ${path} has no key ${key}`)
  }
}
