/** lambda:DeleteFunction. */

import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { accessTo } from '../engine/access.ts'
import { dropUnusedCode } from '../engine/code.ts'
import { invalidValue } from '../engine/errors.ts'
import { aliasesOf, findAlias, reference, versionsOf } from '../engine/find.ts'
import { findVersion } from '../engine/find-version.ts'
import { warmPool } from '../engine/warm-pool.ts'
import { functionKind } from '../kinds.ts'
import {
  aliases,
  eventInvokeConfigs,
  type FunctionVersion,
  functions,
  LATEST,
  policies,
  provisioned,
  urls,
  versions,
} from '../state.ts'

/** Deletes a function with all its versions and aliases, or with a qualifier one version that no alias points at. */
export const DeleteFunction = operation({
  service: 'lambda',
  name: 'DeleteFunction',
  access: accessTo('DeleteFunction'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName, input.Qualifier)
    functionKind.find(ctx, ref)
    if (ref.qualifier !== undefined) deleteVersion(ctx, ref.name, ref.qualifier, ref)
    else deleteWhole(ctx, ref.name, ref.arn)
    return {}
  },
})

function deleteVersion(
  ctx: Context,
  name: string,
  qualifier: string,
  ref: ReturnType<typeof reference>,
): void {
  if (qualifier === LATEST)
    throw invalidValue('$LATEST version cannot be deleted without deleting the function.')
  if (findAlias(ctx, ref, qualifier))
    throw invalidValue('Invalid qualifier: an alias is deleted by DeleteAlias.')
  const version = findVersion(ctx, ref)
  const users = aliasesOf(ctx, name).filter(
    (one) => one.version === qualifier || Object.hasOwn(one.weights, qualifier),
  )
  if (users.length)
    throw new AwsError(
      'ResourceConflictException',
      `Function version ${qualifier} is still referenced by aliases: ${users.map((one) => one.name).join(', ')}`,
    )
  ctx.table(versions).delete(`${name}:${qualifier}`)
  for (const table of [policies, eventInvokeConfigs, provisioned])
    ctx.table<unknown>(table).delete(`${name}:${qualifier}`)
  dropCodeOf(ctx, version)
}

function deleteWhole(ctx: Context, name: string, arn: string): void {
  const own = versionsOf(ctx, name)
  for (const { version } of own) ctx.table(versions).delete(`${name}:${version}`)
  for (const alias of aliasesOf(ctx, name)) ctx.table(aliases).delete(`${name}:${alias.name}`)
  for (const table of [
    ctx.table(policies),
    ctx.table(eventInvokeConfigs),
    ctx.table(provisioned),
    ctx.table(urls),
  ])
    for (const [key] of table.entries()) if (key === name || key.startsWith(`${name}:`)) table.delete(key)
  ctx.table(functions).delete(name)
  warmPool(ctx.cloud).retire(arn)
  for (const version of own) dropCodeOf(ctx, version)
}

function dropCodeOf(ctx: Context, { codeSha256, layers = [] }: FunctionVersion): void {
  for (const one of [{ codeSha256 }, ...layers]) dropUnusedCode(ctx, one.codeSha256)
}
