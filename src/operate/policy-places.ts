/** Where the fleet's own policies stand, so that a denial met in a run says what to change. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import {
  type AccessQuestion,
  explainAccess,
  type GivenOrganization,
  type Landscape,
  type Origin,
  originOfPolicy,
  readAssembly,
} from '../access/index.ts'
import type { Accounts } from '../aws/index.ts'
import { type Assembly, type PolicyRef, STACK_DIGEST, stackDigest } from '../model/index.ts'

/** Finds the place of a policy; undefined for what the fleet did not make. */
export interface PolicyPlaces {
  (policy: PolicyRef | undefined): Origin | undefined
  /**
   * Whether a denied call would be allowed by the fleet's policies as they would be deployed now, and those that stand at
   * these places were deployed from another template; false where that is not known.
   */
  areOutdated?(
    call: AccessQuestion,
    at: readonly (Origin | undefined)[],
    accounts: Pick<Accounts, 'client'>,
  ): Promise<boolean>
}

/** The assembly, and the organization's policies in files, are read when the first policy is asked for. */
export function policyPlaces(
  assembly: Assembly,
  organization?: () => GivenOrganization | undefined,
): PolicyPlaces {
  let known: Landscape | undefined
  const landscape = (): Landscape => {
    known ??= readAssembly(assembly, organization?.())
    return known
  }
  const places = (policy: PolicyRef | undefined) => policy && originOfPolicy(policy, landscape())
  const areOutdated: PolicyPlaces['areOutdated'] = async (call, at, accounts) => {
    if (at.includes(undefined) || !isAllowed(landscape(), call)) return false
    const changed = await Promise.all(at.map((one) => isChanged(one!, assembly, accounts)))
    return changed.includes(true)
  }
  return Object.assign(places, { areOutdated })
}

function isAllowed(landscape: Landscape, { principal, action, resource, context }: AccessQuestion): boolean {
  // Of roles that no template has nothing is known here.
  if (!landscape.roles.has(principal)) return false
  try {
    const answer = explainAccess(landscape, { principal, action, resource, context })
    return answer.explanation.decision.effect === 'allowed' && !answer.isOpen
  } catch {
    return false
  }
}

/** Whether a stack says that it was deployed from another template than the assembly has for it. */
async function isChanged(
  { stack, account, region }: Origin,
  { waves }: Assembly,
  accounts: Pick<Accounts, 'client'>,
): Promise<boolean> {
  const own = waves
    .flat()
    .find(({ name, target }) => name === stack && target.account === account && target.region === region)
  if (!own) return false
  const client = await accounts.client(CloudFormationClient, own.target)
  // Who may look at pipelines need not be allowed to look at stacks.
  const { Stacks } = await client
    .send(new DescribeStacksCommand({ StackName: stack }))
    .catch(() => ({ Stacks: [] }))
  const digest = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === STACK_DIGEST)?.OutputValue
  return digest !== undefined && digest !== stackDigest(own.template)
}
