/** As whom StackSets works in an account: the execution role, or a role of its own. */
import { AwsError, formatArn } from '../../../../model/index.ts'
import { ADMINISTRATION_ROLE, EXECUTION_ROLE } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Identity, rootIdentity, serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import { STACK_SET } from '../engine/read-template-source.ts'
import type { SetOperation, StackSet } from './state.ts'

/** Why nobody may work in an account, in AWS's words. */
export class NoAccess extends Error {
  override readonly name = 'NoAccess'
}

const nameOf = (role: string): string => role.slice(role.lastIndexOf('/') + 1)
const SESSION = 'StackSet'

/**
 * Gives a session in a target account. `ctx` is the administrator's. Errors: NoAccess.
 * AWS: "Grant self-managed permissions" (the administration role takes on the execution role), "Activate trusted access"
 * (a role `stacksets-exec-…` that StackSets makes in every member account).
 */
export function targetSession(
  ctx: Context,
  set: StackSet,
  operation: SetOperation,
  account: string,
): Promise<Identity> {
  return set.permissionModel === 'SERVICE_MANAGED'
    ? memberSession(ctx, set, account)
    : executionSession(ctx, set, operation, account)
}

async function executionSession(
  ctx: Context,
  set: StackSet,
  { administrationRole, executionRole = EXECUTION_ROLE }: SetOperation,
  account: string,
): Promise<Identity> {
  const administration =
    administrationRole ?? formatArn('iam', '', ctx.account, `role/${ADMINISTRATION_ROLE}`)
  const by = serviceIdentity(servicePrincipal('cloudformation'), { arn: set.arn, account: ctx.account })
  const administrator = await ctx
    .assumeRole(administration, { by, sessionName: SESSION })
    .catch((error: unknown) => {
      throw refused(
        error,
        `Account ${ctx.account} should have '${nameOf(administration)}' role with trust relationship to CloudFormation service.`,
      )
    })
  const execution = formatArn('iam', '', account, `role/${executionRole}`)
  const options = { by: administrator.identity, sessionName: SESSION }
  const { identity } = await ctx.assumeRole(execution, options).catch((error: unknown) => {
    throw refused(
      error,
      `Account ${account} should have '${executionRole}' role with trust relationship to Role '${nameOf(administration)}'.`,
    )
  })
  return identity
}

const refused = (error: unknown, message: string): unknown =>
  error instanceof AwsError ? new NoAccess(message) : error

const MEMBER_SERVICE = 'member.org.stacksets.cloudformation.amazonaws.com'

/** The role is made where it is not there yet, and may everything, as far as the organization lets the account. */
async function memberSession(ctx: Context, set: StackSet, account: string): Promise<Identity> {
  const RoleName = `stacksets-exec-${ctx.cloud.organization!.id.replace(/\W/g, '').padEnd(32, '0')}`
  const as = rootIdentity(account)
  const options = { as, invokedBy: STACK_SET }
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: MEMBER_SERVICE }, Action: 'sts:AssumeRole' }],
  }
  try {
    await ctx.call(
      'iam',
      'CreateRole',
      { RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) },
      options,
    )
    const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
    await ctx.call('iam', 'AttachRolePolicy', { RoleName, PolicyArn }, options)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    if (error.code !== 'EntityAlreadyExists') throw new NoAccess(error.message)
  }
  const by = serviceIdentity(MEMBER_SERVICE, { arn: set.arn, account: ctx.account })
  const arn = formatArn('iam', '', account, `role/${RoleName}`)
  const { identity } = await ctx.assumeRole(arn, { by, sessionName: SESSION }).catch((error: unknown) => {
    throw refused(error, (error as Error).message)
  })
  return identity
}
