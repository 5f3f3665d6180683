/** lambda:PublishVersion and the lists of versions. */

import type { FunctionConfiguration } from '@aws-sdk/client-lambda'
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { accessTo } from '../engine/access.ts'
import { describeVersion } from '../engine/configuration.ts'
import { invalidValue } from '../engine/errors.ts'
import { checkRevision, lambdaTime, reference, versionsOf } from '../engine/find.ts'
import { findVersion } from '../engine/find-version.ts'
import { pendingState, settleLater } from '../engine/settle.ts'
import { functionKind } from '../kinds.ts'
import { type FunctionVersion, functions, LATEST, type StoredFunction, versions } from '../state.ts'

/** Errors: ResourceConflictException while the function is being created or changed. */
export function refuseWhileChanging(stored: StoredFunction, latest: FunctionVersion): void {
  if (latest.state === 'Pending')
    throw new AwsError(
      'ResourceConflictException',
      'The operation cannot be performed at this time. The function is currently in the following state: Pending',
      { fields: { Type: 'User' } },
    )
  if (latest.lastUpdateStatus === 'InProgress')
    throw new AwsError(
      'ResourceConflictException',
      `The operation cannot be performed at this time. An update is in progress for resource: ${stored.arn}`,
      { fields: { Type: 'User' } },
    )
}

/** Makes a version of what `$LATEST` is now. AWS: unchanged code and configuration give the last version again. */
export function publishVersion(
  ctx: Context,
  stored: StoredFunction,
  latest: FunctionVersion,
  description?: string,
): FunctionConfiguration {
  const table = ctx.table(versions)
  const last = table.get(`${stored.name}:${stored.lastVersion}`)
  if (last && last.generation === latest.generation) return describeVersion(stored, last)
  const number = stored.lastVersion + 1
  const version: FunctionVersion = {
    ...latest,
    ...pendingState,
    version: String(number),
    description: description ?? latest.description,
    lastModified: lambdaTime(ctx.cloud.clock.date()),
    revisionId: ctx.cloud.ids.uuid(),
    lastUpdateStatus: undefined,
    lastUpdateStatusReason: undefined,
  }
  const key = `${stored.name}:${number}`
  table.put(key, version)
  ctx.table(functions).put(stored.name, { ...stored, lastVersion: number })
  settleLater(ctx, key)
  return describeVersion(stored, version)
}

export const PublishVersion = operation({
  service: 'lambda',
  name: 'PublishVersion',
  access: accessTo('PublishVersion'),
  run: (input, ctx) => {
    refuseUnsupported(input, ['PublishTo'])
    const ref = reference(ctx, input.FunctionName)
    const stored = functionKind.find(ctx, ref)
    const latest = findVersion(ctx, { ...ref, qualifier: LATEST })
    refuseWhileChanging(stored, latest)
    checkRevision(input.RevisionId, latest.revisionId)
    if (input.CodeSha256 !== undefined && input.CodeSha256 !== latest.codeSha256)
      throw invalidValue(
        `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${latest.codeSha256}). ` +
          'Please try again with the CodeSHA256 in $LATEST.',
      )
    return publishVersion(ctx, stored, latest, input.Description)
  },
})

export const ListVersionsByFunction = operation({
  service: 'lambda',
  name: 'ListVersionsByFunction',
  access: accessTo('ListVersionsByFunction'),
  run: (input, ctx) => {
    const stored = functionKind.find(ctx, reference(ctx, input.FunctionName))
    const page = paginate(versionsOf(ctx, stored.name), {
      token: input.Marker,
      limit: input.MaxItems ?? 50,
      query: stored.arn,
      error: () => invalidValue('Invalid Marker'),
    })
    return {
      Versions: page.items.map((one) => describeVersion(stored, one, true)),
      NextMarker: page.nextToken,
    }
  },
})

export const ListFunctions = operation({
  service: 'lambda',
  name: 'ListFunctions',
  access: () => [{ action: 'lambda:ListFunctions', resource: '*' }],
  run: (input, ctx) => {
    refuseUnsupported(input, ['MasterRegion'])
    const all = ctx
      .table(functions)
      .values()
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((stored) => {
        const own = versionsOf(ctx, stored.name)
        if (input.FunctionVersion === 'ALL') return own.map((one) => describeVersion(stored, one, true))
        return own.filter((one) => one.version === LATEST).map((one) => describeVersion(stored, one))
      })
    const page = paginate(all, {
      token: input.Marker,
      limit: input.MaxItems ?? 50,
      query: input.FunctionVersion ?? '',
      error: () => invalidValue('Invalid Marker'),
    })
    return { Functions: page.items, NextMarker: page.nextToken }
  },
})
