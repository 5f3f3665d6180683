/** The accounts that a stack set is deployed to: told one by one, or by units of the organization. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { rootIdentity } from '../../../kernel/identity.ts'
import { STACK_SET } from '../engine/read-template-source.ts'
import { validationError } from '../engine/validation-error.ts'
import type { StackSet } from './state.ts'

export interface Targets {
  readonly Accounts?: readonly string[]
  readonly AccountsUrl?: string
  readonly OrganizationalUnitIds?: readonly string[]
  readonly AccountFilterType?: 'NONE' | 'INTERSECTION' | 'DIFFERENCE' | 'UNION'
}

export interface TargetAccount {
  readonly account: string
  readonly unit?: string
}

/**
 * Gives the accounts that targets mean. Errors: ValidationError for what the permission model has no use for.
 * AWS: self-managed sets name accounts, service-managed ones units, whose accounts a filter narrows or adds to.
 */
export async function accountsOf(
  ctx: Context,
  { permissionModel }: Pick<StackSet, 'permissionModel'>,
  accounts: readonly string[] | undefined,
  targets: Targets = {},
): Promise<TargetAccount[]> {
  if (targets.AccountsUrl !== undefined)
    throw new AwsError(
      'UnsupportedParameter',
      'The embedded cloud does not support AccountsUrl; name the accounts in Accounts.',
      { status: 501 },
    )
  if (permissionModel === 'SELF_MANAGED') {
    if (targets.OrganizationalUnitIds?.length)
      throw validationError('OrganizationalUnitIds are not supported with SELF_MANAGED permission model')
    return [...new Set(accounts ?? targets.Accounts ?? [])].map((account) => ({ account }))
  }
  if (accounts?.length)
    throw validationError(
      'StackSets with SERVICE_MANAGED permission model can only have OrganizationalUnit as target',
    )
  return inUnits(ctx, targets)
}

async function inUnits(ctx: Context, targets: Targets): Promise<TargetAccount[]> {
  const { OrganizationalUnitIds: units = [], Accounts = [], AccountFilterType: filter = 'NONE' } = targets
  if (!units.length)
    throw validationError(
      'StackSets with SERVICE_MANAGED permission model can only have OrganizationalUnit as target',
    )
  if (Accounts.length && filter === 'NONE')
    throw validationError('Accounts are given together with an AccountFilterType other than NONE')
  const found = new Map<string, TargetAccount>()
  for (const unit of units)
    for (const one of await accountsIn(ctx, unit)) if (!found.has(one.account)) found.set(one.account, one)
  const isNamed = ({ account }: TargetAccount) => Accounts.includes(account)
  const all = [...found.values()]
  if (filter === 'INTERSECTION') return all.filter(isNamed)
  if (filter === 'DIFFERENCE') return all.filter((one) => !isNamed(one))
  if (filter === 'UNION')
    return [...all, ...Accounts.filter((account) => !found.has(account)).map((account) => ({ account }))]
  return all
}

/** AWS: with all units below it; the management account itself is none of a stack set's targets. */
async function accountsIn(ctx: Context, unit: string): Promise<TargetAccount[]> {
  const management = ctx.cloud.organization!.managementAccount
  const options = { as: rootIdentity(management), invokedBy: STACK_SET }
  const { Accounts = [] } = await ctx
    .call('organizations', 'ListAccountsForParent', { ParentId: unit }, options)
    .catch((error: AwsError) => {
      throw validationError(`${unit}: ${error.message}`)
    })
  const { OrganizationalUnits = [] } = await ctx.call(
    'organizations',
    'ListOrganizationalUnitsForParent',
    { ParentId: unit },
    options,
  )
  const below = await Promise.all(OrganizationalUnits.map(({ Id = '' }) => accountsIn(ctx, Id)))
  return [
    ...Accounts.flatMap(({ Id }) => (Id && Id !== management ? [{ account: Id, unit }] : [])),
    ...below.flat(),
  ]
}

/** AWS: a service-managed set is the management account's. Errors: ValidationError; UnsupportedParameter for delegation. */
export function checkOperator(
  ctx: Context,
  { CallAs, PermissionModel }: { readonly CallAs?: string; readonly PermissionModel?: string },
): void {
  if (CallAs === 'DELEGATED_ADMIN')
    throw new AwsError(
      'UnsupportedParameter',
      'The embedded cloud has no delegated administrators; call as the management account (CallAs SELF).',
      { status: 501 },
    )
  if (PermissionModel !== 'SERVICE_MANAGED') return
  if (ctx.cloud.organization?.managementAccount !== ctx.account)
    throw validationError(
      'You must be the management account or delegated admin account of an organization before operating a SERVICE_MANAGED stack set',
    )
}
