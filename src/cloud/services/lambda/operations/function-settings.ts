/** Settings of functions beside their configuration: kept and shown, without effect here. */

import { operation } from '../../../kernel/operation.ts'
import { accessTo } from '../engine/access.ts'
import { invalidValue } from '../engine/errors.ts'
import { reference } from '../engine/find.ts'
import { findVersion } from '../engine/find-version.ts'
import { functionKind } from '../kinds.ts'
import { versions } from '../state.ts'

/** AWS: a function without a code signing configuration is told by its name alone. */
export const GetFunctionCodeSigningConfig = operation({
  service: 'lambda',
  name: 'GetFunctionCodeSigningConfig',
  access: accessTo('GetFunctionCodeSigningConfig'),
  run: ({ FunctionName }, ctx) => ({
    CodeSigningConfigArn: undefined,
    FunctionName: functionKind.find(ctx, reference(ctx, FunctionName)).name,
  }),
})

/** AWS: recursive loops are stopped by default. What is set is kept and shown: there are no loops to stop here. */
export const GetFunctionRecursionConfig = operation({
  service: 'lambda',
  name: 'GetFunctionRecursionConfig',
  access: accessTo('GetFunctionRecursionConfig'),
  run: ({ FunctionName }, ctx) => {
    const { recursiveLoop = 'Terminate' } = functionKind.find(ctx, reference(ctx, FunctionName))
    return { RecursiveLoop: recursiveLoop }
  },
})

export const PutFunctionRecursionConfig = operation({
  service: 'lambda',
  name: 'PutFunctionRecursionConfig',
  access: accessTo('PutFunctionRecursionConfig'),
  run: ({ FunctionName, RecursiveLoop }, ctx) => {
    functionKind.change(ctx, reference(ctx, FunctionName), { recursiveLoop: RecursiveLoop })
    return { RecursiveLoop }
  },
})

/** AWS: runtimes are updated by themselves by default; which version runs is told of a function that is pinned to one. */
export const GetRuntimeManagementConfig = operation({
  service: 'lambda',
  name: 'GetRuntimeManagementConfig',
  access: accessTo('GetRuntimeManagementConfig'),
  run: ({ FunctionName, Qualifier }, ctx) => {
    const ref = reference(ctx, FunctionName, Qualifier)
    const { updateRuntimeOn = 'Auto', runtimeVersion } = findVersion(ctx, ref)
    return {
      UpdateRuntimeOn: updateRuntimeOn,
      RuntimeVersionArn: runtimeVersion,
      FunctionArn: ref.qualifiedArn,
    }
  },
})

/** Kept and shown: functions run on the runtimes of this machine. AWS: a version of a runtime is named with Manual alone. */
export const PutRuntimeManagementConfig = operation({
  service: 'lambda',
  name: 'PutRuntimeManagementConfig',
  access: accessTo('PutRuntimeManagementConfig'),
  run: ({ FunctionName, Qualifier, UpdateRuntimeOn, RuntimeVersionArn }, ctx) => {
    const ref = reference(ctx, FunctionName, Qualifier)
    const version = findVersion(ctx, ref)
    if ((UpdateRuntimeOn === 'Manual') !== (RuntimeVersionArn !== undefined))
      throw invalidValue('RuntimeVersionArn is given where UpdateRuntimeOn is Manual, and only there.')
    ctx.table(versions).put(`${ref.name}:${version.version}`, {
      ...version,
      updateRuntimeOn: UpdateRuntimeOn,
      runtimeVersion: RuntimeVersionArn,
    })
    return { UpdateRuntimeOn: UpdateRuntimeOn!, RuntimeVersionArn, FunctionArn: ref.qualifiedArn }
  },
})
