/** Permissions boundaries of users and roles. */
import { type Arn, AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { findManagedPolicy } from './managed-policy.ts'

/** Gives the boundary where it can be one. Errors: NoSuchEntity. */
export function existingBoundary(ctx: Context, arn: Arn): Arn {
  const account = arn.split(':')[4]
  if ((account === 'aws' || account === ctx.account) && findManagedPolicy(ctx.cloud.store, arn)) return arn
  throw new AwsError('NoSuchEntity', `Scope ARN: ${arn} does not exist or is not attachable.`, {
    status: 404,
  })
}

/** Gives the condition key for a boundary that a request sets. */
export const boundaryKey = (arn: Arn | undefined): Record<string, string> =>
  arn === undefined ? {} : { 'iam:PermissionsBoundary': arn }

/** Gives a boundary as the wire has it. AWS: the model lists `PermissionsBoundaryPolicy`, but `Policy` is sent. */
export const boundaryOutput = (arn: Arn | undefined) =>
  arn === undefined
    ? {}
    : {
        PermissionsBoundary: {
          PermissionsBoundaryType: 'Policy' as 'PermissionsBoundaryPolicy',
          PermissionsBoundaryArn: arn,
        },
      }
