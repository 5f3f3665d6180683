/** Settings of functions that none here can have: what AWS answers where nobody has set them. */

import { operation } from '../../../kernel/operation.ts'
import { accessTo } from '../engine/access.ts'
import { reference } from '../engine/find.ts'
import { findVersion } from '../engine/find-version.ts'
import { functionKind } from '../kinds.ts'

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

/** AWS: recursive loops are stopped by default. */
export const GetFunctionRecursionConfig = operation({
  service: 'lambda',
  name: 'GetFunctionRecursionConfig',
  access: accessTo('GetFunctionRecursionConfig'),
  run: ({ FunctionName }, ctx) => {
    functionKind.find(ctx, reference(ctx, FunctionName))
    return { RecursiveLoop: 'Terminate' as const }
  },
})

/** AWS: runtimes are updated by themselves by default; which version runs is told of a function that is pinned to one. */
export const GetRuntimeManagementConfig = operation({
  service: 'lambda',
  name: 'GetRuntimeManagementConfig',
  access: accessTo('GetRuntimeManagementConfig'),
  run: ({ FunctionName, Qualifier }, ctx) => {
    const ref = reference(ctx, FunctionName, Qualifier)
    findVersion(ctx, ref)
    return { UpdateRuntimeOn: 'Auto' as const, FunctionArn: ref.qualifiedArn }
  },
})
