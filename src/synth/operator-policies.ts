/** What a person must be allowed to deploy a fleet, account by account. */
import { accountsOfFleet, type Fleet } from '../fleet/index.ts'
import {
  type Arn,
  type Assembly,
  formatArn,
  type Need,
  type PolicyDocument,
  type PolicyStatement,
} from '../model/index.ts'
import { type Deployer, deployerNeeds, deployerStatements, type Growth } from './deployer-needs.ts'
import { Names } from './names.ts'
import { managedParts, policy } from './policy-parts.ts'
import { recordNeeds } from './record-needs.ts'
import { mergeNeeds, sidOf, statementOf } from './statements.ts'

export interface OperatorPolicy {
  readonly account: string
  /** As the fleet file calls it: `hub`, or environments. */
  readonly names: readonly string[]
  /** As many managed policies as it takes. */
  readonly policies: readonly PolicyDocument[]
  /** What the policies grant, as far as it is needed today: exact names, each call once. */
  readonly needs: readonly Need[]
}

/** Stands for whoever deploys; a policy does not name whom it is on. */
const operatorIn = (account: string): Arn => formatArn('iam', '', account, 'role/operator')

/** Gives the policies for `crossdock deploy` of the whole fleet, the hub's first. */
export function operatorPolicies(fleet: Fleet, assembly: Assembly): OperatorPolicy[] {
  const stacks = assembly.waves.flat()
  const names = new Names(fleet)
  const deployer: Deployer = {
    ...{ fleet: fleet.name, as: operatorIn, boundary: fleet.iam.boundary },
    isPerson: true,
  }
  const beside = recordNeeds(assembly, deployer)
  const needs = [...deployerNeeds(stacks, deployer), ...beside]
  const growth = growthOf(
    fleet.pipelines.map(({ id }) => id),
    names,
  )
  const accounts = new Set([fleet.hub.account, ...stacks.map(({ target }) => target.account)])
  return [...accounts].map((account) => {
    const own = needs.filter(({ principal }) => principal === operatorIn(account))
    const called = accountsOfFleet(fleet).filter((one) => one.account === account)
    return {
      account,
      names: [...new Set(called.map(({ name }) => name))],
      policies: managedParts([
        ...deployerStatements(stacks, deployer, operatorIn(account), growth),
        ...statementsOf(beside.filter(({ principal }) => principal === operatorIn(account))),
      ]).map(policy),
      needs: own,
    }
  })
}

/** Stacks that a pipeline has besides the one with itself. */
export const PARTS = ['store', 'access', 'tests', 'source'] as const

/** Pipelines may get more parts, and the fleet a key in a further region. */
export const growthOf = (pipelines: readonly string[], names: Names): Growth => ({
  beginnings: pipelines.map((id) => names.pipelineStack(id)),
  beside: Object.fromEntries([
    [names.fleetStack('hub'), [names.fleetStack('key')]],
    ...pipelines.map((id) => [names.pipelineStack(id), PARTS.map((part) => names.pipelineStack(id, part))]),
  ]),
})

/** Gives statements that grant needs as they are. */
export function statementsOf(needs: readonly Need[]): PolicyStatement[] {
  const taken = new Set<string>()
  return mergeNeeds(needs).map((grant) => statementOf(grant, sidOf(grant, taken)))
}
