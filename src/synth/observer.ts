/**
 * The observer of a pipeline: one function in the hub for what CodePipeline cannot look at itself: more alarms than a
 * condition takes, waiting without alarms, and whether change sets would change anything. It looks as the roles that the
 * pipeline acts as.
 */
import { expandText, type Fleet, type FleetPipeline, type FleetStage, watcherOf } from '../fleet/index.ts'
import {
  type ActionDeclaration,
  type Arn,
  formatArn,
  type Need,
  type OthersNeeds,
  type PipelineDeclaration,
  parseArn,
  type Target,
  type TemplateResource,
} from '../model/index.ts'
import { alarmNeeds, findProvider, provider } from '../pipeline/index.ts'
import type { Names } from './names.ts'
import { OBSERVER_CODE } from './observer-code.ts'
import { resource } from './resource.ts'
import { placeScope } from './scopes.ts'

export const OBSERVER_ID = 'ObserverFunction'

/** What the action is called whose function watches the alarms of a stage, or waits. */
export const WATCH = 'watch'
/** What the action is called whose function counts the changes of a stage, and its variable. */
export const CHANGES = 'changes'

/** Whether some stage of a pipeline takes the observer. */
export const needsObserver = ({ stages }: FleetPipeline): boolean =>
  stages.some((stage) => watcherOf(stage) === 'function' || stage.approve?.skipWhenEmpty)

/** Accounts by what is asked in them, as short as a configuration value must be. */
function grouped(places: readonly { readonly key: string; readonly account: string }[]) {
  const accounts: Record<string, string> = {}
  for (const { key, account } of places)
    accounts[key] = accounts[key] ? `${accounts[key]} ${account}` : account
  return accounts
}

const observerAction = (name: string, pipeline: FleetPipeline, names: Names, parameters: object) => ({
  name,
  actionTypeId: provider.lambdaInvoke.type,
  configuration: { FunctionName: names.observer(pipeline.id), UserParameters: JSON.stringify(parameters) },
})

interface WatchedAlarms {
  readonly account: string
  readonly region: string
  readonly alarms: readonly string[]
}

/** Gives the names of a stage's alarms in each of its places. */
export const alarmsOf = (fleet: Fleet, pipeline: FleetPipeline, stage: FleetStage): WatchedAlarms[] =>
  stage.places.map((place) => {
    const scope = placeScope(fleet, pipeline, place)
    const { account, region } = place
    return { account, region, alarms: stage.alarms.map((alarm) => expandText(alarm, scope)) }
  })

/** Gives the action that watches the alarms of a stage, or waits; none where AWS's own rules do, or nothing is watched. */
export function watchAction(
  fleet: Fleet,
  pipeline: FleetPipeline,
  stage: FleetStage,
  names: Names,
): ActionDeclaration | undefined {
  if (watcherOf(stage) !== 'function') return undefined
  const byNames = new Map<string, { readonly key: string; readonly account: string }[]>()
  for (const { account, region, alarms } of stage.alarms.length ? alarmsOf(fleet, pipeline, stage) : []) {
    const key = JSON.stringify(alarms)
    byNames.set(key, [...(byNames.get(key) ?? []), { key: region, account }])
  }
  const alarms = [...byNames].map(([key, places]) => [JSON.parse(key), grouped(places)])
  return observerAction(WATCH, pipeline, names, { task: 'watch', minutes: stage.bake ?? 0, alarms })
}

/** A change set whose changes the observer counts. */
interface CountedChangeSet extends Target {
  readonly stack: string
  readonly name: string
}

/** The change sets that some actions execute. */
const changeSetsOf = (actions: readonly ActionDeclaration[], home: Target): CountedChangeSet[] =>
  actions.flatMap(({ actionTypeId, configuration = {}, region = home.region, roleArn = '' }) => {
    const pending = findProvider(actionTypeId)?.changeSet?.(configuration)
    return pending ? { ...pending, region, account: parseArn(roleArn)?.account ?? home.account } : []
  })

/** Gives the action that counts what the change sets would change that these actions execute. */
export function changesAction(
  executing: readonly ActionDeclaration[],
  fleet: Fleet,
  pipeline: FleetPipeline,
  names: Names,
): ActionDeclaration {
  const stacks = changeSetsOf(executing, fleet.hub).map(({ account, region, stack, name }) => ({
    key: `${region} ${stack} ${name}`,
    account,
  }))
  return observerAction(CHANGES, pipeline, names, { task: 'changes', stacks: grouped(stacks) })
}

/** Gives what the observer needs to look where it is asked to, and the roles that it looks as. */
export function observerNeeds(
  fleet: Fleet,
  pipeline: FleetPipeline,
  names: Names,
  declaration: PipelineDeclaration,
): OthersNeeds[] {
  if (!needsObserver(pipeline)) return []
  const { hub } = fleet
  const observer = names.roleArn(hub.account, pipeline.id, 'observer')
  const looking = (
    stage: string,
    action: string,
    { account, region }: Target,
    needs: (role: Arn) => Need[],
  ) => {
    const role = names.roleArn(account, pipeline.id, 'deploy')
    const assume = {
      principal: observer,
      action: 'sts:AssumeRole',
      resource: role,
      because: 'to look as the pipeline’s roles',
    }
    return { stage, action, region, needs: [assume, ...needs(role)] }
  }
  const ofStages = pipeline.stages.flatMap((stage): OthersNeeds[] => {
    const watched =
      watcherOf(stage) === 'function' && stage.alarms.length ? alarmsOf(fleet, pipeline, stage) : []
    const executing = declaration.stages.find(({ name }) => name === stage.name)?.actions ?? []
    const counted = stage.approve?.skipWhenEmpty ? changeSetsOf(executing, hub) : []
    return [
      ...watched.map(({ alarms, ...place }) =>
        looking(stage.name, WATCH, place, (role) =>
          alarms.flatMap((alarm) => alarmNeeds(role, place, alarm)),
        ),
      ),
      ...counted.map((set) =>
        looking(`${stage.name}-${CHANGES}`, CHANGES, set, (role) => [countNeed(role, set)]),
      ),
    ]
  })
  return ofStages
}

const countNeed = (principal: Arn, { account, region, stack, name }: CountedChangeSet): Need => ({
  principal,
  action: 'cloudformation:DescribeChangeSet',
  resource: formatArn('cloudformation', region, account, `stack/${stack}/*`),
  context: { 'cloudformation:ChangeSetName': name },
  because: 'to count what the change set would change',
})

/** Gives the function. Its role is made beside it. */
export const observerFunction = (pipeline: FleetPipeline, names: Names, role: unknown): TemplateResource =>
  resource('AWS::Lambda::Function', {
    FunctionName: names.observer(pipeline.id),
    Description: `Watches alarms and counts changes for the pipeline ${pipeline.id}`,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    // Most of the time it waits: a minute at most before it is invoked again.
    Timeout: 120,
    MemorySize: 256,
    Role: role as string,
    Code: { ZipFile: OBSERVER_CODE },
    Environment: { Variables: { ROLE: names.roleArn('ACCOUNT', pipeline.id, 'deploy') } },
  })
