/** AWS::Lambda::Function. */

import type { FunctionConfiguration } from '@aws-sdk/client-lambda'
import { AwsError, formatArn } from '../../../../model/index.ts'
import { FUNCTION_SETTINGS } from '../../../../template/index.ts'
import {
  type Properties,
  type ReadContext,
  type ResourceContext,
  resourceType,
} from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { packInline } from '../engine/code.ts'

const TYPE = 'AWS::Lambda::Function'

/** AWS: what an update sets back to when a property is taken out of the template. */
const DEFAULTS: Properties = {
  Description: '',
  Timeout: 3,
  MemorySize: 128,
  Environment: { Variables: {} },
  EphemeralStorage: { Size: 512 },
  LoggingConfig: {},
}
const CODE = ['S3Bucket', 'S3Key', 'S3ObjectVersion', 'ImageUri']
/** Milliseconds between looks at a function that is not ready yet. */
const WAIT = 3

const pick = (properties: Properties, names: readonly string[]): Properties =>
  Object.fromEntries(
    names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]),
  )

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

async function codeOf(properties: Properties): Promise<Properties> {
  const { Code, Runtime } = properties
  if (Code.ZipFile === undefined) return pick(Code, CODE)
  return { ZipFile: await packInline(String(Runtime), Code.ZipFile) }
}

/** Waits until a function is active and its update done, as CloudFormation does. */
async function untilReady(rc: ResourceContext, FunctionName: string): Promise<void> {
  for (;;) {
    const { Configuration } = await rc.call('lambda', 'GetFunction', { FunctionName })
    if (isReady(Configuration!)) return
    await rc.clock.sleep(WAIT)
  }
}

/** As `untilReady`, of a version, whose configuration is asked for. */
export async function untilVersionReady(
  rc: ResourceContext,
  FunctionName: string,
  Qualifier: string,
): Promise<void> {
  while (!isReady(await rc.call('lambda', 'GetFunctionConfiguration', { FunctionName, Qualifier })))
    await rc.clock.sleep(WAIT)
}

const isReady = ({ State, LastUpdateStatus }: FunctionConfiguration): boolean =>
  State === 'Active' && LastUpdateStatus !== 'InProgress'

/** Errors of the API that mean the resource is gone already. */
export function ignoreMissing(error: unknown): void {
  if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error
}

const outcome = (name: string, rc: ReadContext) => ({
  physicalId: name,
  attributes: { Arn: formatArn('lambda', rc.region, rc.account, `function:${name}`) },
})

async function reserve(
  rc: ResourceContext,
  FunctionName: string,
  reserved: number | undefined,
): Promise<void> {
  if (reserved === undefined) await rc.call('lambda', 'DeleteFunctionConcurrency', { FunctionName })
  else
    await rc.call('lambda', 'PutFunctionConcurrency', {
      FunctionName,
      ReservedConcurrentExecutions: reserved,
    })
}

/** AWS: what is taken out of the template is set back to what a function has that says nothing. */
async function putSettings(
  rc: ResourceContext,
  FunctionName: string,
  properties: Properties,
  previous: Properties,
): Promise<void> {
  const { RecursiveLoop, RuntimeManagementConfig: runtime } = properties
  if (RecursiveLoop !== previous.RecursiveLoop)
    await rc.call('lambda', 'PutFunctionRecursionConfig', {
      FunctionName,
      RecursiveLoop: RecursiveLoop ?? 'Terminate',
    })
  if (!same(runtime, previous.RuntimeManagementConfig))
    await rc.call('lambda', 'PutRuntimeManagementConfig', {
      FunctionName,
      ...(runtime ?? { UpdateRuntimeOn: 'Auto' }),
    })
}

export const lambdaFunction = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const name = properties.FunctionName ?? rc.generateName()
    const tags = resourceTags(properties, rc)
    await rc.call('lambda', 'CreateFunction', {
      ...pick(properties, [...FUNCTION_SETTINGS, 'PackageType', 'Architectures']),
      FunctionName: name,
      KMSKeyArn: properties.KmsKeyArn,
      Code: await codeOf(properties),
      ...(hasTags(tags) ? { Tags: tags } : {}),
    } as never)
    rc.made(name)
    await untilReady(rc, name)
    const reserved = properties.ReservedConcurrentExecutions
    if (reserved !== undefined) await reserve(rc, name, reserved)
    await putSettings(rc, name, properties, {})
    await readSettings(name, rc)
    return outcome(name, rc)
  },
  update: async (name, properties, previous, rc) => {
    if (!same(properties.Code, previous.Code) || !same(properties.Architectures, previous.Architectures)) {
      await rc.call('lambda', 'UpdateFunctionCode', {
        ...(await codeOf(properties)),
        ...pick(properties, ['Architectures']),
        FunctionName: name,
      })
      await untilReady(rc, name)
    }
    const names = [...FUNCTION_SETTINGS, 'KmsKeyArn']
    if (!same(pick(properties, names), pick(previous, names))) {
      await rc.call('lambda', 'UpdateFunctionConfiguration', {
        ...DEFAULTS,
        ...pick(properties, FUNCTION_SETTINGS),
        FunctionName: name,
        KMSKeyArn: properties.KmsKeyArn,
      } as never)
      await untilReady(rc, name)
    }
    if (properties.ReservedConcurrentExecutions !== previous.ReservedConcurrentExecutions)
      await reserve(rc, name, properties.ReservedConcurrentExecutions)
    await putSettings(rc, name, properties, previous)
    await retag(rc, name, properties, previous)
    await readSettings(name, rc)
    return outcome(name, rc)
  },
  read: async (name, rc) => {
    const asked = rc.call('lambda', 'GetFunction', { FunctionName: name })
    return (await unlessAbsent(asked, 'ResourceNotFoundException')) && outcome(name, rc)
  },
  delete: async (FunctionName, _properties, rc) => {
    try {
      await rc.call('lambda', 'GetFunction', { FunctionName })
      await rc.call('lambda', 'DeleteFunction', { FunctionName })
    } catch (error) {
      ignoreMissing(error)
    }
  },
})

/** AWS: what the handler reads back beside the function itself, also where the template leaves it alone. */
async function readSettings(FunctionName: string, rc: ResourceContext): Promise<void> {
  await rc.call('lambda', 'GetFunctionCodeSigningConfig', { FunctionName })
  await rc.call('lambda', 'GetRuntimeManagementConfig', { FunctionName })
  await rc.call('lambda', 'GetFunctionRecursionConfig', { FunctionName })
}

/** AWS: an update starts from the tags that the function has. */
async function retag(
  rc: ResourceContext,
  name: string,
  properties: Properties,
  previous: Properties,
): Promise<void> {
  const Resource = outcome(name, rc).attributes.Arn
  await rc.call('lambda', 'ListTags', { Resource })
  const { gone, changed } = tagChange(properties, previous, rc)
  if (gone.length) await rc.call('lambda', 'UntagResource', { Resource, TagKeys: gone })
  if (hasTags(changed)) await rc.call('lambda', 'TagResource', { Resource, Tags: changed })
}
