/** What a pipeline that follows its fleet file brings, and what it must be allowed for that. */
import type { Fleet } from '../fleet/index.ts'
import { UPDATE_STAGE } from '../fleet/index.ts'
import type { Arn, Assembly, AssemblyStack, Need, OthersNeeds, PolicyStatement } from '../model/index.ts'
import { type Deployer, deployerNeeds, deployerStatements } from './deployer-needs.ts'
import { Names } from './names.ts'
import { growthOf, PARTS, statementsOf } from './operator-policies.ts'
import { keepingNeeds } from './record-needs.ts'

/** What the stacks of one pipeline get so that it can update them. */
export interface UpdateParts {
  /** The role in each account, that of the hub's project first. */
  readonly roles: ReadonlyMap<string, Arn>
  readonly needs: readonly OthersNeeds[]
  /** By role. */
  readonly statements: ReadonlyMap<Arn, readonly PolicyStatement[]>
}

/** By id of the pipelines that follow their file. */
export type Updates = ReadonlyMap<string, UpdateParts>

/** Gives what each pipeline's update takes for the stacks as they are; it changes the stacks, which is another question then. */
export function updatesOf(fleet: Fleet, assembly: Assembly): Updates {
  const names = new Names(fleet)
  return new Map(
    fleet.pipelines
      .filter(({ selfUpdate }) => selfUpdate)
      .map(({ id }): [string, UpdateParts] => {
        const stacks = ownStacks(assembly, id, fleet, names)
        const accounts = [...new Set([fleet.hub.account, ...stacks.map(({ target }) => target.account)])]
        const roles = new Map(accounts.map((account) => [account, names.partRoleArn(account, id, 'update')]))
        const deployer: Deployer = {
          fleet: fleet.name,
          as: (account) => roles.get(account)!,
          boundary: fleet.iam.boundary,
        }
        const growth = growthOf([id], names)
        const kept = keepingNeeds(assembly, deployer)
        return [
          id,
          {
            roles,
            needs: [
              {
                ...{ stage: UPDATE_STAGE, action: UPDATE_STAGE, region: fleet.hub.region },
                needs: [...assumeNeeds(roles), ...deployerNeeds(stacks, deployer), ...kept],
              },
            ],
            statements: new Map(
              [...roles.values()].map((role) => [
                role,
                [
                  ...deployerStatements(stacks, deployer, role, growth),
                  ...statementsOf(kept.filter(({ principal }) => principal === role)),
                ],
              ]),
            ),
          },
        ]
      }),
  )
}

/** Gives the needs of the project's role to become those of the other accounts. */
export function assumeNeeds(roles: ReadonlyMap<string, Arn>): Need[] {
  const [own = '', ...others] = [...roles.values()]
  return others.map((role) => ({
    ...{ principal: own, action: 'sts:AssumeRole', resource: role },
    because: 'to update the pipeline’s stacks there',
  }))
}

/** The stacks of one pipeline, and those that all pipelines share, in accounts where it has something. */
function ownStacks(assembly: Assembly, id: string, { hub }: Fleet, names: Names): AssemblyStack[] {
  const all = assembly.waves.flat()
  const own = new Set([names.pipelineStack(id), ...PARTS.map((part) => names.pipelineStack(id, part))])
  const shared = new Set((['hub', 'key', 'parameters'] as const).map((part) => names.fleetStack(part)))
  const accounts = new Set([
    hub.account,
    ...all.filter(({ name }) => own.has(name)).map(({ target }) => target.account),
  ])
  return all.filter(({ name, target }) => own.has(name) || (shared.has(name) && accounts.has(target.account)))
}

/** What a pipeline's own update deploys, and the roles that it does that as. */
export interface SelfUpdate {
  readonly stacks: ReadonlySet<AssemblyStack>
  /** By account; that of the hub's project comes first. */
  readonly roles: ReadonlyMap<string, Arn>
}

/** Gives it; undefined where the pipeline does not follow the file. */
export function selfUpdateOf(fleet: Fleet, assembly: Assembly, id: string): SelfUpdate | undefined {
  const update = updatesOf(fleet, assembly).get(id)
  if (!update) return undefined
  return { roles: update.roles, stacks: new Set(ownStacks(assembly, id, fleet, new Names(fleet))) }
}
