/** Which permissions operations on stack sets take. */
import { formatArn, parseArn } from '../../../../model/index.ts'
import { parseTemplate } from '../../../../template/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { stackSetKind } from './kind.ts'
import type { StackSet } from './state.ts'

interface Asked {
  readonly StackSetName: string
  readonly Regions?: readonly string[]
  readonly DeploymentTargets?: {
    readonly OrganizationalUnitIds?: readonly string[]
    readonly Accounts?: readonly string[]
  }
}

/** Gives the request for an action on a stack set. */
export const onSet = (ctx: Context, action: string, { StackSetName, Regions }: Asked): AccessRequest =>
  stackSetKind.on(
    ctx,
    action,
    StackSetName,
    Regions ? { 'cloudformation:TargetRegion': [...Regions] } : undefined,
  )

/**
 * Gives the requests of an action that deploys a set. AWS: with service-managed permissions its targets are asked too, and
 * the types in its template ("Restrict stack set operations based on Region and resource types").
 */
export function onDeployed(ctx: Context, action: string, asked: Asked): AccessRequest[] {
  const set = stackSetKind.lookUp(ctx, asked.StackSetName)
  const own = onSet(ctx, action, asked)
  if (set?.permissionModel !== 'SERVICE_MANAGED') return [own]
  const { OrganizationalUnitIds = set.units, Accounts = [] } = asked.DeploymentTargets ?? {}
  const targets = [...OrganizationalUnitIds, ...Accounts].map((target) =>
    formatArn('cloudformation', ctx.region, ctx.account, `stackset-target/${set.id}/${target}`),
  )
  return [
    own,
    ...[...targets, ...typesOf(ctx, set)].map((resource) => ({
      ...own,
      resource,
      resourceAccount: undefined,
    })),
  ]
}

function typesOf(ctx: Context, { template }: StackSet): string[] {
  const resources = Object.values(
    (parseTemplate(template).Resources ?? {}) as Record<string, { Type?: string }>,
  )
  const types = new Set(resources.map(({ Type = '' }) => Type.replaceAll('::', '-')))
  return [...types].map((type) => formatArn('cloudformation', ctx.region, '', `type/resource/${type}`))
}

/** AWS: a role that is named is passed; one of another account cannot be. */
export const passAdministration = (role: string | undefined): AccessRequest[] =>
  role === undefined
    ? []
    : [
        {
          action: 'iam:PassRole',
          resource: role,
          resourceAccount: parseArn(role)?.account,
          context: { 'iam:PassedToService': 'cloudformation.amazonaws.com' },
        },
      ]
