/** lambda:UpdateFunctionCode and lambda:UpdateFunctionConfiguration. */

import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { accessTo } from '../engine/access.ts'
import { dropUnusedCode, storeCode } from '../engine/code.ts'
import { checkConfiguration, checkRole, describeVersion, loggingFrom } from '../engine/configuration.ts'
import { withContent } from '../engine/content.ts'
import { invalidValue } from '../engine/errors.ts'
import { checkRevision, type FunctionRef, lambdaTime, reference } from '../engine/find.ts'
import { findVersion } from '../engine/find-version.ts'
import { imageFrom, withImageConfig } from '../engine/function-image.ts'
import { checkRuntime } from '../engine/interpreters.ts'
import { accessToLayers, checkUnpackedSize, layersFrom } from '../engine/layers.ts'
import { checkSettings, settingsFrom } from '../engine/settings.ts'
import { settleLater, updatingState } from '../engine/settle.ts'
import { functionKind } from '../kinds.ts'
import { type FunctionImage, type FunctionVersion, LATEST, type StoredFunction, versions } from '../state.ts'
import { passRole } from './create-function.ts'
import { publishVersion, refuseWhileChanging } from './publish-version.ts'

/** Puts the changed `$LATEST`; processes of the old one take no further invocations. */
function change(
  ctx: Context,
  stored: StoredFunction,
  latest: FunctionVersion,
  changes: Partial<FunctionVersion>,
): FunctionVersion {
  const changed = withContent({
    ...latest,
    ...changes,
    lastModified: lambdaTime(ctx.cloud.clock.date()),
    revisionId: ctx.cloud.ids.uuid(),
    ...updatingState,
  })
  const key = `${stored.name}:${LATEST}`
  ctx.table(versions).put(key, changed)
  settleLater(ctx, key)
  return changed
}

/** AWS: the image's configuration stays, whichever image it is. */
async function changedImage(ctx: Context, ref: FunctionRef, before: FunctionImage, uri: string) {
  const { image, ...code } = await imageFrom(ctx, ref, uri)
  return { ...code, image: { ...before, ...image } }
}

export const UpdateFunctionCode = operation({
  service: 'lambda',
  name: 'UpdateFunctionCode',
  access: accessTo('UpdateFunctionCode'),
  run: async (input, ctx) => {
    refuseUnsupported(input, ['PublishTo', 'SourceKMSKeyArn'])
    const ref = reference(ctx, input.FunctionName)
    const before = findVersion(ctx, { ...ref, qualifier: LATEST })
    refuseWhileChanging(functionKind.find(ctx, ref), before)
    checkRevision(input.RevisionId, before.revisionId)
    // AWS: what a function is made of, an archive or an image, stays what it was.
    if (Boolean(input.ImageUri) !== Boolean(before.image))
      throw invalidValue(
        before.image
          ? 'Please provide ImageUri when updating a function with packageType Image.'
          : 'Please do not provide ImageUri when updating a function with packageType Zip.',
      )
    const code = before.image
      ? await changedImage(ctx, ref, before.image, input.ImageUri!)
      : await storeCode(ctx, input, input.DryRun)
    const stored = functionKind.find(ctx, ref)
    const latest = findVersion(ctx, { ...ref, qualifier: LATEST })
    refuseWhileChanging(stored, latest)
    const architectures = input.Architectures ?? latest.architectures
    if (input.DryRun) return describeVersion(stored, { ...latest, ...code, architectures })
    if (!latest.image) checkUnpackedSize(ctx.cloud, { ...latest, ...code })
    const changed = change(ctx, stored, latest, { ...code, architectures })
    if (code.codeSha256 !== latest.codeSha256) dropUnusedCode(ctx, latest.codeSha256)
    return input.Publish ? publishVersion(ctx, stored, changed) : describeVersion(stored, changed)
  },
})

export const UpdateFunctionConfiguration = operation({
  service: 'lambda',
  name: 'UpdateFunctionConfiguration',
  access: (input, ctx) => [
    ...accessTo('UpdateFunctionConfiguration')(input, ctx),
    ...accessToLayers(ctx, input.Layers),
    ...(input.Role ? [passRole(input.Role, reference(ctx, input.FunctionName).arn)] : []),
  ],
  run: async (input, ctx) => {
    refuseUnsupported(input, ['FileSystemConfigs', 'CapacityProviderConfig', 'DurableConfig'])
    checkConfiguration(input)
    const ref = reference(ctx, input.FunctionName)
    const before = findVersion(ctx, { ...ref, qualifier: LATEST })
    checkSettings(input, input.Runtime ?? before.runtime)
    if (input.Runtime && input.Runtime !== before.runtime) await checkRuntime(input.Runtime)
    if (input.Role && input.Role !== before.role)
      await checkRole(ctx, functionKind.find(ctx, ref), input.Role)
    const stored = functionKind.find(ctx, ref)
    const latest = findVersion(ctx, { ...ref, qualifier: LATEST })
    refuseWhileChanging(stored, latest)
    checkRevision(input.RevisionId, latest.revisionId)
    const layers = input.Layers ? layersFrom(ctx, input.Layers) : latest.layers
    if (!latest.image) checkUnpackedSize(ctx.cloud, { ...latest, layers })
    if (input.ImageConfig && !latest.image)
      throw invalidValue('ImageConfig takes a function with packageType Image.')
    const changed = change(ctx, stored, latest, {
      layers: layers?.length ? layers : undefined,
      image: latest.image && withImageConfig(latest.image, input.ImageConfig),
      role: input.Role ?? latest.role,
      handler: input.Handler ?? latest.handler,
      runtime: input.Runtime ?? latest.runtime,
      description: input.Description ?? latest.description,
      timeout: input.Timeout ?? latest.timeout,
      memorySize: input.MemorySize ?? latest.memorySize,
      environment: input.Environment ? input.Environment.Variables : latest.environment,
      ephemeralStorage: input.EphemeralStorage?.Size ?? latest.ephemeralStorage,
      ...settingsFrom(input, latest),
      ...(input.LoggingConfig ? loggingFrom(input.LoggingConfig, stored.name) : {}),
    })
    for (const { codeSha256 } of latest.layers ?? []) dropUnusedCode(ctx, codeSha256)
    return describeVersion(stored, changed)
  },
})
