/** Aliases: a name for a version, or for two with weights. */

import type { AliasConfiguration, AliasRoutingConfiguration } from '@aws-sdk/client-lambda'
import { AwsError, entryOf } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { invalidValue } from '../engine/errors.ts'
import { aliasesOf, checkRevision, type FunctionRef, findAlias, reference } from '../engine/find.ts'
import { findVersion } from '../engine/find-version.ts'
import { settleProvisionedLater } from '../engine/settle.ts'
import { functionKind } from '../kinds.ts'
import { type Alias, aliases, eventInvokeConfigs, LATEST, policies, provisioned, urls } from '../state.ts'

const describe = (ref: FunctionRef, alias: Alias): AliasConfiguration => ({
  AliasArn: `${ref.arn}:${alias.name}`,
  Name: alias.name,
  FunctionVersion: alias.version,
  Description: alias.description,
  RevisionId: alias.revisionId,
  ...(Object.keys(alias.weights).length
    ? { RoutingConfig: { AdditionalVersionWeights: { ...alias.weights } } }
    : {}),
})

const accessToAlias = (action: string) => (input: { FunctionName: string }, ctx: Context) => [
  functionKind.on(ctx, action, { ...reference(ctx, input.FunctionName) }),
]

const atVersion = (ref: FunctionRef, version: string): FunctionRef => ({
  ...ref,
  qualifier: version,
  qualifiedArn: `${ref.arn}:${version}`,
})

function aliasNamed(ctx: Context, ref: FunctionRef, name: string): Alias {
  functionKind.find(ctx, ref)
  const found = findAlias(ctx, ref, name)
  if (found) return found
  throw new AwsError('ResourceNotFoundException', `Cannot find alias arn: ${ref.arn}:${name}`, {
    fields: { Type: 'User' },
  })
}

/**
 * AWS: at most one further version; neither it nor the main one may be `$LATEST` when weights are used, and both have one
 * execution role and one dead-letter queue ("Implement Lambda canary deployments using a weighted alias").
 */
function checkedWeights(
  ctx: Context,
  ref: FunctionRef,
  version: string,
  routing: AliasRoutingConfiguration | undefined,
): Record<string, number> {
  const weights = routing?.AdditionalVersionWeights ?? {}
  const names = Object.keys(weights)
  if (names.length > 1)
    throw invalidValue('Number of items in AdditionalVersionWeights cannot be greater than 1')
  for (const name of names) {
    if (name === LATEST || version === LATEST)
      throw invalidValue('$LATEST is not supported for an alias pointing to more than 1 version')
    if (name === version)
      throw invalidValue(
        `Invalid function version ${name}. Function version ${name} is already included in routing configuration.`,
      )
    if (!(entryOf(weights, name)! >= 0 && entryOf(weights, name)! <= 1))
      throw invalidValue('The weight of a version must be between 0.0 and 1.0.')
    const [main, further] = [version, name].map((qualifier) => findVersion(ctx, atVersion(ref, qualifier)))
    if (main!.role !== further!.role)
      throw invalidValue('Versions of an alias with weights must have the same execution role.')
    if (main!.deadLetterTarget !== further!.deadLetterTarget)
      throw invalidValue('Versions of an alias with weights must have the same dead-letter queue.')
  }
  return weights
}

export const CreateAlias = operation({
  service: 'lambda',
  name: 'CreateAlias',
  access: accessToAlias('CreateAlias'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName)
    const { Name: name, FunctionVersion: version } = input
    findVersion(ctx, atVersion(ref, version))
    const key = `${ref.name}:${name}`
    if (/^\d+$/.test(name)) throw invalidValue(`The alias name "${name}" must not be a number.`)
    if (ctx.table(aliases).has(key))
      throw new AwsError('ResourceConflictException', `Alias already exists: ${ref.arn}:${name}`, {
        fields: { Type: 'User' },
      })
    const alias: Alias = {
      functionName: ref.name,
      name,
      version,
      description: input.Description ?? '',
      weights: checkedWeights(ctx, ref, version, input.RoutingConfig),
      revisionId: ctx.cloud.ids.uuid(),
    }
    ctx.table(aliases).put(key, alias)
    return describe(ref, alias)
  },
})

/** AWS: concurrency that an alias has is provisioned anew for the versions that it is moved to. */
function reprovision(ctx: Context, key: string): void {
  const found = ctx.table(provisioned).get(key)
  if (!found) return
  ctx.table(provisioned).put(key, { ...found, ready: false })
  settleProvisionedLater(ctx, key)
}

export const UpdateAlias = operation({
  service: 'lambda',
  name: 'UpdateAlias',
  access: accessToAlias('UpdateAlias'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName)
    const before = aliasNamed(ctx, ref, input.Name)
    checkRevision(input.RevisionId, before.revisionId)
    const version = input.FunctionVersion ?? before.version
    findVersion(ctx, atVersion(ref, version))
    const routing = input.RoutingConfig ?? { AdditionalVersionWeights: { ...before.weights } }
    const alias: Alias = {
      ...before,
      version,
      description: input.Description ?? before.description,
      weights: checkedWeights(ctx, ref, version, routing),
      revisionId: ctx.cloud.ids.uuid(),
    }
    ctx.table(aliases).put(`${ref.name}:${input.Name}`, alias)
    reprovision(ctx, `${ref.name}:${input.Name}`)
    return describe(ref, alias)
  },
})

/** AWS: an alias that is gone already is no error. */
export const DeleteAlias = operation({
  service: 'lambda',
  name: 'DeleteAlias',
  access: accessToAlias('DeleteAlias'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName)
    functionKind.find(ctx, ref)
    ctx.table(aliases).delete(`${ref.name}:${input.Name}`)
    for (const table of [policies, eventInvokeConfigs, provisioned, urls])
      ctx.table<unknown>(table).delete(`${ref.name}:${input.Name}`)
    return {}
  },
})

export const GetAlias = operation({
  service: 'lambda',
  name: 'GetAlias',
  access: accessToAlias('GetAlias'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName)
    return describe(ref, aliasNamed(ctx, ref, input.Name))
  },
})

export const ListAliases = operation({
  service: 'lambda',
  name: 'ListAliases',
  access: accessToAlias('ListAliases'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName)
    functionKind.find(ctx, ref)
    const all = aliasesOf(ctx, ref.name).filter(
      ({ version, weights }) =>
        !input.FunctionVersion ||
        input.FunctionVersion === version ||
        Object.hasOwn(weights, input.FunctionVersion),
    )
    const page = paginate(all, {
      token: input.Marker,
      limit: input.MaxItems ?? 50,
      query: [ref.arn, input.FunctionVersion],
      error: () => invalidValue('Invalid Marker'),
    })
    return { Aliases: page.items.map((one) => describe(ref, one)), NextMarker: page.nextToken }
  },
})
