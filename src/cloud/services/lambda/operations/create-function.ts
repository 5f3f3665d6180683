/** lambda:CreateFunction. */

import { AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { servicePrincipal } from '../../../kernel/identity.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { tagsProblem } from '../../../kernel/tags.ts'
import { type StoredCode, storeCode } from '../engine/code.ts'
import { checkConfiguration, checkRole, describeVersion, loggingFrom } from '../engine/configuration.ts'
import { withContent } from '../engine/content.ts'
import { invalidValue } from '../engine/errors.ts'
import { type FunctionRef, lambdaTime, reference } from '../engine/find.ts'
import { imageFrom, withImageConfig } from '../engine/function-image.ts'
import { checkRuntime } from '../engine/interpreters.ts'
import { accessToLayers, checkUnpackedSize, layersFrom } from '../engine/layers.ts'
import { checkSettings, settingsFrom } from '../engine/settings.ts'
import { pendingState, settleLater } from '../engine/settle.ts'
import { functionKind } from '../kinds.ts'
import { type FunctionImage, functions, LATEST, type StoredFunction, versions } from '../state.ts'
import { publishVersion } from './publish-version.ts'

type CreateInput = Input<'lambda', 'CreateFunction'>

/** The permission to hand the execution role to Lambda. */
export const passRole = (role: string, functionArn: string) => ({
  action: 'iam:PassRole',
  resource: role,
  context: { 'iam:PassedToService': servicePrincipal('lambda'), 'iam:AssociatedResourceArn': functionArn },
})

/** AWS: the role must exist and trust Lambda; the function starts Pending and becomes Active in the background. */
export const CreateFunction = operation({
  service: 'lambda',
  name: 'CreateFunction',
  access: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName)
    return [
      ...functionKind.onNew(ctx, 'CreateFunction', ref, input.Tags),
      passRole(input.Role, ref.arn),
      ...accessToLayers(ctx, input.Layers),
    ]
  },
  run: async (input, ctx) => {
    const ref = reference(ctx, input.FunctionName)
    const { Handler, Runtime } = await check(input, ctx, ref)
    const code = await codeOf(input, ctx, ref)
    refuseSecond(ctx, ref)
    const layers = layersFrom(ctx, input.Layers ?? [])
    if (!code.image) checkUnpackedSize(ctx.cloud, { ...code, layers })
    const stored: StoredFunction = {
      name: ref.name,
      arn: ref.arn,
      account: ref.account,
      region: ref.region,
      lastVersion: 0,
      tags: input.Tags ?? {},
    }
    const latest = withContent({
      functionName: ref.name,
      version: LATEST,
      runtime: Runtime,
      role: input.Role,
      handler: Handler,
      description: input.Description ?? '',
      timeout: input.Timeout ?? 3,
      memorySize: input.MemorySize ?? 128,
      environment: input.Environment?.Variables,
      architectures: input.Architectures ?? ['x86_64'],
      ephemeralStorage: input.EphemeralStorage?.Size ?? 512,
      ...loggingFrom(input.LoggingConfig, ref.name),
      ...settingsFrom(input),
      layers: layers.length ? layers : undefined,
      ...code,
      lastModified: lambdaTime(ctx.cloud.clock.date()),
      revisionId: ctx.cloud.ids.uuid(),
      ...pendingState,
    })
    ctx.table(functions).put(ref.name, stored)
    ctx.table(versions).put(`${ref.name}:${LATEST}`, latest)
    settleLater(ctx, `${ref.name}:${LATEST}`)
    if (!input.Publish) return describeVersion(stored, latest)
    return publishVersion(ctx, stored, latest)
  },
})

async function check(input: CreateInput, ctx: Context, ref: FunctionRef) {
  refuseUnsupported(input, [
    'FileSystemConfigs',
    'CodeSigningConfigArn',
    'CapacityProviderConfig',
    'PublishTo',
    'DurableConfig',
    'TenancyConfig',
  ])
  refuseUnsupported(input.Code, ['SourceKMSKeyArn'])
  const { Handler, Runtime } = input
  if (ref.account !== ctx.account || ref.region !== ctx.region)
    throw new AwsError('ResourceNotFoundException', `Function not found: ${ref.arn}`)
  if (ref.name.length > 64) throw invalidValue(`The function name "${ref.name}" has more than 64 characters.`)
  if (input.PackageType === 'Image') checkImage(input)
  else if (!Runtime || !Handler)
    throw invalidValue(
      'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
    )
  checkConfiguration(input)
  checkSettings(input, Runtime)
  const problem = tagsProblem({}, input.Tags ?? {})
  if (problem) throw invalidValue(problem)
  if (Runtime) await checkRuntime(Runtime)
  refuseSecond(ctx, ref)
  await checkRole(ctx, ref, input.Role)
  return { Handler, Runtime }
}

/** AWS: an image brings its runtime along, and has no layers. */
function checkImage({ Runtime, Handler, Layers = [], Code }: CreateInput): void {
  if (Runtime || Handler || Layers.length)
    throw invalidValue(
      'Runtime, Handler and Layers are not supported for functions created with container images.',
    )
  if (!Code.ImageUri)
    throw invalidValue('Please provide ImageUri when updating a function with packageType Image.')
}

interface Code extends StoredCode {
  readonly image?: FunctionImage
}

async function codeOf(input: CreateInput, ctx: Context, ref: FunctionRef): Promise<Code> {
  const { Code: given, PackageType, ImageConfig } = input
  if (PackageType === 'Image') {
    const { image, ...code } = await imageFrom(ctx, ref, given.ImageUri!)
    return { ...code, image: withImageConfig(image, ImageConfig) }
  }
  if (given.ImageUri || ImageConfig)
    throw invalidValue('ImageUri and ImageConfig take "PackageType": "Image".')
  return storeCode(ctx, given)
}

function refuseSecond(ctx: Context, ref: FunctionRef): void {
  if (ctx.table(functions).has(ref.name))
    throw new AwsError('ResourceConflictException', `Function already exist: ${ref.name}`, {
      fields: { Type: 'User' },
    })
}
