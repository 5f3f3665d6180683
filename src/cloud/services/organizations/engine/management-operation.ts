/** How an operation is declared that the management account alone may call. */

import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Input, OperationName, Output } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Operation } from '../../../kernel/operation.ts'
import { operation } from '../../../kernel/operation.ts'
import type { Organization } from '../../../kernel/organization.ts'
import { organizationOf, treeFor } from './organization.ts'
import { refusal } from './refusal.ts'
import type { Tree } from './tree.ts'

/** What an operation works on. */
export interface Managed {
  readonly ctx: Context
  readonly organization: Organization
  readonly tree: Tree
}

/**
 * Gives the organization to its management account.
 * AWS: a member account is refused whatever its policies allow, unless it is a delegated administrator, of which the
 * embedded cloud has none.
 * Errors: AWSOrganizationsNotInUseException, AccessDeniedException.
 */
export function requireManagement(ctx: Context): Organization {
  const organization = organizationOf(ctx)
  if (ctx.account === organization.managementAccount) return organization
  throw refusal('notManagement')
}

/** Declares it. Errors: as `requireManagement`. */
export const managementOperation = <O extends OperationName<'organizations'>>(definition: {
  readonly name: O
  readonly access: (input: Input<'organizations', O>, ctx: Context) => readonly AccessRequest[]
  readonly run: (input: Input<'organizations', O>, managed: Managed) => Output<'organizations', O>
}): Operation =>
  operation<'organizations', O>({
    service: 'organizations',
    name: definition.name,
    access: definition.access,
    run: (input, ctx) => {
      const organization = requireManagement(ctx)
      return definition.run(input, { ctx, organization, tree: treeFor(ctx) })
    },
  })
