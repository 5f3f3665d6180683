/** What a CloudFormation action hands to CloudFormation: template, parameters, tags, capabilities, role. */
import { entryOf, readJson, TEMPLATE_BYTES } from '../../../../model/index.ts'
import {
  parameterText,
  readTemplateConfiguration,
  type TemplateConfiguration,
} from '../../../../pipeline/index.ts'
import { open } from '../../../machine/archive.ts'
import { ActionFailure, type ActionJob } from '../providers/runner.ts'
import type { ArtifactAt } from '../state.ts'
import { withTemplateUrl } from './large-templates.ts'

/** Bytes of an input artifact. AWS: 256 MB. */
const ARTIFACT_LIMIT = 256 * 1024 ** 2

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

/** The action's input artifacts, each read once and only when a file of it is asked for. */
class Artifacts {
  private readonly job: ActionJob
  private readonly opened = new Map<string, ReturnType<typeof open>>()

  constructor(job: ActionJob) {
    this.job = job
  }

  /** The file behind `Artifact::path`. */
  async file(path: string): Promise<Buffer> {
    const [name = '', file = ''] = path.split('::')
    const artifact = this.find(name)
    const files = this.opened.get(name) ?? this.open(artifact)
    this.opened.set(name, files)
    const found = (await files).get(file.replace(/^\.?\//, ''))
    if (found) return Buffer.from(found.content)
    throw new ActionFailure(`File [${file}] does not exist in artifact [${name}]`)
  }

  attribute(name: string, attribute: string): string {
    const { bucket, key } = this.find(name)
    if (attribute === 'BucketName') return bucket
    if (attribute === 'ObjectKey') return key
    if (attribute === 'URL') return `https://s3.${this.job.region}.amazonaws.com/${bucket}/${key}`
    throw new ActionFailure(`Fn::GetArtifactAtt knows BucketName, ObjectKey and URL, not ${attribute}`, {
      code: 'ConfigurationError',
    })
  }

  private find(name: string): ArtifactAt {
    const found = this.job.inputs.find((one) => one.name === name)
    if (found) return found
    throw new ActionFailure(`The artifact ${name} is not an input of the action`, {
      code: 'ConfigurationError',
    })
  }

  private async open(artifact: ArtifactAt): ReturnType<typeof open> {
    const content = await this.job.read(artifact)
    if (content.length > ARTIFACT_LIMIT)
      throw new ActionFailure(
        `The artifact ${artifact.name} is larger than 256 MB, CodePipeline's limit for CloudFormation`,
      )
    return open(content).catch((error: Error) => {
      throw new ActionFailure(`The artifact ${artifact.name} is no zip archive: ${error.message}`)
    })
  }
}
