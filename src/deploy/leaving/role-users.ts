/** Stacks of applications that change by a role: without it nobody could change or delete them. */
import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation'
import type { OpenAccounts } from '../../aws/index.ts'
import { parseArn, type Target } from '../../model/index.ts'
import { type OwnStack, rolesOf } from './own-stack.ts'

export interface RoleUser {
  readonly stack: string
  readonly id: string
  readonly target: Target
  /** ARN. */
  readonly role: string
  readonly isProtected: boolean
}

/** What the names of stacks begin with that StackSets makes. */
const OF_STACK_SETS = 'StackSet-'

/**
 * Gives the stacks that hang on roles of a stack, in these regions of its account.
 * AWS: a stack keeps the role of its last operation as its service role; CloudFormation acts as it until another is named,
 * also when the stack is deleted. What StackSets makes tells no role: it is found by the names that the role's policy gives.
 */
export async function roleUsers(
  accounts: Pick<OpenAccounts, 'client'>,
  own: Pick<OwnStack, 'template' | 'target'>,
  regions: readonly string[],
): Promise<RoleUser[]> {
  const roles = rolesOf(own)
  if (!roles.length) return []
  const instances = instanceRoles(own)
  const { account } = own.target
  const found = await Promise.all(
    regions.map(async (region) =>
      (await rootStacks(accounts, { account, region })).flatMap((stack): RoleUser[] => {
        const { StackName = '', StackId = '', RoleARN = '' } = stack
        const role = roles.includes(RoleARN)
          ? RoleARN
          : instances.find(({ names }) => names.some((name) => StackName.startsWith(name)))?.role
        const isProtected = stack.EnableTerminationProtection === true
        return role ? [{ stack: StackName, id: StackId, target: { account, region }, role, isProtected }] : []
      }),
    ),
  )
  return found.flat()
}

async function rootStacks(accounts: Pick<OpenAccounts, 'client'>, target: Target): Promise<Stack[]> {
  const client = await accounts.client(CloudFormationClient, target)
  const stacks: Stack[] = []
  let NextToken: string | undefined
  do {
    const page = await client.send(new DescribeStacksCommand({ NextToken }))
    stacks.push(...(page.Stacks ?? []).filter(({ ParentId }) => ParentId === undefined))
    NextToken = page.NextToken
  } while (NextToken)
  return stacks
}

/** Roles that may change stacks of stack sets, and what the names of those begin with. */
function instanceRoles({
  template,
  target,
}: Pick<OwnStack, 'template' | 'target'>): { readonly role: string; readonly names: string[] }[] {
  return Object.values(template.Resources).flatMap((resource) => {
    const [role] = rolesOf({ template: { Resources: { Role: resource } }, target })
    const names = textsIn(resource.Properties?.Policies).flatMap((text) => {
      const [, name] = /^stack\/([^/*]+)/.exec(parseArn(text)?.resource ?? '') ?? []
      return name?.startsWith(OF_STACK_SETS) && name !== OF_STACK_SETS ? [name] : []
    })
    return role && names.length ? [{ role, names: [...new Set(names)] }] : []
  })
}

const textsIn = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : []
