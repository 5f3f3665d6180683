/** iam:GetLoginProfile. Nobody signs in to a console here, so that no user has a password. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { find, onPrincipal, USER } from '../engine/principals.ts'
import { userName } from './users.ts'

/** Errors: NoSuchEntity, always; AWS: that of a user without a password. */
export const GetLoginProfile = operation({
  service: 'iam',
  name: 'GetLoginProfile',
  access: ({ UserName }, ctx) => [onPrincipal(ctx, USER, userName(UserName, ctx), 'GetLoginProfile')],
  run: ({ UserName }, ctx) => {
    const { name } = find(ctx, USER, userName(UserName, ctx))
    throw new AwsError('NoSuchEntity', `Login Profile for User ${name} cannot be found.`, { status: 404 })
  },
})
