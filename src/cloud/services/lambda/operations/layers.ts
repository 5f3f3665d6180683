/** Layers: archives that functions share, each change a version of its own. */
import type { LayerVersionsListItem, PublishLayerVersionResponse } from '@aws-sdk/client-lambda'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { codeLink } from '../door/code-link.ts'
import { dropUnusedCode, storeCode } from '../engine/code.ts'
import { invalidValue } from '../engine/errors.ts'
import { lambdaTime } from '../engine/find.ts'
import {
  layerKey,
  layerNotFound,
  layerReference,
  layerVersionByArn,
  layerVersionReference,
  versionsOfLayer,
} from '../engine/find-layer.ts'
import { layerKind, layerVersionKind } from '../kinds.ts'
import { type LayerVersion, layerPolicies, layers, layerVersions } from '../state.ts'

const listed = (version: LayerVersion): LayerVersionsListItem => ({
  LayerVersionArn: `${version.layerArn}:${version.version}`,
  Version: version.version,
  Description: version.description,
  CreatedDate: version.createdAt,
  CompatibleRuntimes: version.runtimes && [...version.runtimes],
  CompatibleArchitectures: version.architectures && [...version.architectures],
  LicenseInfo: version.license,
})

const describe = (ctx: Context, version: LayerVersion): PublishLayerVersionResponse => ({
  ...listed(version),
  LayerArn: version.layerArn,
  Content: {
    Location: codeLink(ctx.cloud, version.codeSha256),
    CodeSha256: version.codeSha256,
    CodeSize: version.codeSize,
  },
})

export const PublishLayerVersion = operation({
  service: 'lambda',
  name: 'PublishLayerVersion',
  access: (input, ctx) => [layerKind.on(ctx, 'PublishLayerVersion', layerReference(ctx, input.LayerName))],
  run: async (input, ctx) => {
    const { name, arn } = layerReference(ctx, input.LayerName)
    refuseUnsupported(input.Content!, ['S3ObjectStorageMode'])
    const code = await storeCode(ctx, input.Content!)
    const number = (ctx.table(layers).get(name)?.lastVersion ?? 0) + 1
    const version: LayerVersion = {
      ...{ name, layerArn: arn, version: number, ...code },
      description: input.Description ?? '',
      runtimes: input.CompatibleRuntimes,
      architectures: input.CompatibleArchitectures,
      license: input.LicenseInfo,
      createdAt: lambdaTime(ctx.cloud.clock.date()),
    }
    // AWS: numbers are never given twice, also when versions were deleted.
    ctx.table(layers).put(name, { name, lastVersion: number })
    ctx.table(layerVersions).put(layerKey(version), version)
    return describe(ctx, version)
  },
})

export const GetLayerVersion = operation({
  service: 'lambda',
  name: 'GetLayerVersion',
  access: (input, ctx) => [
    layerVersionKind.on(
      ctx,
      'GetLayerVersion',
      layerVersionReference(ctx, input.LayerName, input.VersionNumber!),
    ),
  ],
  run: (input, ctx) =>
    describe(
      ctx,
      layerVersionKind.find(ctx, layerVersionReference(ctx, input.LayerName, input.VersionNumber!)),
    ),
})

export const GetLayerVersionByArn = operation({
  service: 'lambda',
  name: 'GetLayerVersionByArn',
  access: (input, ctx) => [layerVersionKind.on(ctx, 'GetLayerVersion', layerVersionByArn(ctx, input.Arn))],
  run: (input, ctx) => describe(ctx, layerVersionKind.find(ctx, layerVersionByArn(ctx, input.Arn))),
})

/** AWS: a version that is gone already is no error, and functions that have it keep it. */
export const DeleteLayerVersion = operation({
  service: 'lambda',
  name: 'DeleteLayerVersion',
  access: (input, ctx) => [
    layerVersionKind.on(
      ctx,
      'DeleteLayerVersion',
      layerVersionReference(ctx, input.LayerName, input.VersionNumber!),
    ),
  ],
  run: (input, ctx) => {
    const ref = layerVersionReference(ctx, input.LayerName, input.VersionNumber!)
    const found = layerVersionKind.lookUp(ctx, ref)
    if (!found) return {}
    ctx.table(layerVersions).delete(layerKey(ref))
    ctx.table(layerPolicies).delete(layerKey(ref))
    dropUnusedCode(ctx, found.codeSha256)
    return {}
  },
})

interface Compatible {
  readonly CompatibleRuntime?: string
  readonly CompatibleArchitecture?: string
}

const suits =
  ({ CompatibleRuntime: runtime, CompatibleArchitecture: architecture }: Compatible) =>
  ({ runtimes, architectures }: LayerVersion): boolean =>
    (!runtime || (runtimes as readonly string[] | undefined)?.includes(runtime) === true) &&
    (!architecture || (architectures as readonly string[] | undefined)?.includes(architecture) === true)

export const ListLayerVersions = operation({
  service: 'lambda',
  name: 'ListLayerVersions',
  access: () => [{ action: 'lambda:ListLayerVersions', resource: '*' }],
  run: (input, ctx) => {
    const layer = layerReference(ctx, input.LayerName)
    if (layer.account !== ctx.account) throw layerNotFound()
    const all = versionsOfLayer(ctx, layer).filter(suits(input))
    const page = paginate(all, {
      token: input.Marker,
      limit: input.MaxItems ?? 50,
      query: [layer.arn, input.CompatibleRuntime, input.CompatibleArchitecture],
      error: () => invalidValue('Invalid Marker'),
    })
    return { LayerVersions: page.items.map(listed), NextMarker: page.nextToken }
  },
})

export const ListLayers = operation({
  service: 'lambda',
  name: 'ListLayers',
  access: () => [{ action: 'lambda:ListLayers', resource: '*' }],
  run: (input, ctx) => {
    const all = ctx
      .table(layers)
      .values()
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap(({ name }) => {
        const layer = layerReference(ctx, name)
        const [latest] = versionsOfLayer(ctx, layer).filter(suits(input))
        return latest ? [{ LayerName: name, LayerArn: layer.arn, LatestMatchingVersion: listed(latest) }] : []
      })
    const page = paginate(all, {
      token: input.Marker,
      limit: input.MaxItems ?? 50,
      query: [input.CompatibleRuntime, input.CompatibleArchitecture],
      error: () => invalidValue('Invalid Marker'),
    })
    return { Layers: page.items, NextMarker: page.nextToken }
  },
})
