/** lambda:GetFunction and GetFunctionConfiguration. */

import { operation } from '../../../kernel/operation.ts'
import { codeLink } from '../door/code-link.ts'
import { accessTo } from '../engine/access.ts'
import { describeVersion } from '../engine/configuration.ts'
import { reference } from '../engine/find.ts'
import { findVersion } from '../engine/find-version.ts'
import { functionKind } from '../kinds.ts'

export const GetFunctionConfiguration = operation({
  service: 'lambda',
  name: 'GetFunctionConfiguration',
  access: accessTo('GetFunctionConfiguration'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName, input.Qualifier)
    const configuration = describeVersion(functionKind.find(ctx, ref), findVersion(ctx, ref))
    return { ...configuration, FunctionArn: ref.qualifiedArn }
  },
})

export const GetFunction = operation({
  service: 'lambda',
  name: 'GetFunction',
  access: accessTo('GetFunction'),
  run: (input, ctx) => {
    const ref = reference(ctx, input.FunctionName, input.Qualifier)
    const stored = functionKind.find(ctx, ref)
    const version = findVersion(ctx, ref)
    const { reservedConcurrency, tags } = stored
    return {
      Configuration: { ...describeVersion(stored, version), FunctionArn: ref.qualifiedArn },
      Code: version.image
        ? {
            RepositoryType: 'ECR',
            ImageUri: version.image.uri,
            ResolvedImageUri: version.image.resolvedUri,
          }
        : { RepositoryType: 'S3', Location: codeLink(ctx.cloud, version.codeSha256) },
      ...(Object.keys(tags).length ? { Tags: { ...tags } } : {}),
      ...(reservedConcurrency === undefined
        ? {}
        : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
    }
  },
})
